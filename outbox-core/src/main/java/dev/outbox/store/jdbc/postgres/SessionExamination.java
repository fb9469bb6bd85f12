/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.outbox.store.jdbc.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.outbox.doctor.Examination;
import dev.outbox.doctor.Finding;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what keeps vacuum from removing the rows of delivered events: the relay has
 * to step over them with each read.
 */
final class SessionExamination implements Examination {

	private static final String HELD_BACK = "horizon-held-back";

	/**
	 * How old a snapshot may be of which nobody says since when it is held.
	 */
	private static final long MOST_TRANSACTIONS = 1_000_000;

	private static final int MOST = 10;

	/**
	 * A snapshot holds rows of its own database back, and of all if it is that of a
	 * replica. A transaction that has written is in the way of the relay in any database:
	 * no read can be sure to have seen what has committed since. Vacuum itself is not in
	 * its own way; its workers have no user, which is seen without rights.
	 */
	private static final String SESSIONS = """
			SELECT pid, application_name, usename, state, query = '<insufficient privilege>',
				coalesce(backend_xid, backend_xmin) IS NOT NULL, greatest(age(backend_xid), age(backend_xmin)),
				ceil(extract(epoch FROM clock_timestamp() - xact_start) * 1000)::bigint,
				ceil(extract(epoch FROM clock_timestamp() - state_change) * 1000)::bigint
			FROM pg_stat_activity
			WHERE pid <> pg_backend_pid() AND usesysid IS NOT NULL
				AND pid NOT IN (SELECT v.pid FROM pg_stat_progress_vacuum v)
				AND (datname = current_database() OR backend_xid IS NOT NULL OR backend_type = 'walsender')
			ORDER BY xact_start NULLS LAST, pid""";

	private static final String PREPARED = """
			SELECT gid, owner, ceil(extract(epoch FROM clock_timestamp() - prepared) * 1000)::bigint
			FROM pg_prepared_xacts WHERE database = current_database() ORDER BY prepared""";

	private static final String SLOTS = """
			SELECT slot_name, active, age(xmin) FROM pg_replication_slots WHERE xmin IS NOT NULL""";

	private static final String CONSEQUENCE = ". Vacuum cannot remove what was deleted since: the relay has to step over"
			+ " the rows of all events that were delivered, and reads get slower";

	private final Catalogue catalogue;

	private final Duration limit;

	SessionExamination(Catalogue catalogue, Duration limit) {
		this.catalogue = catalogue;
		this.limit = limit;
	}

	@Override
	public String name() {
		return "sessions";
	}

	@Override
	public List<Finding> examine() {
		List<Session> sessions = this.catalogue.query(SESSIONS, Session::of);
		List<Finding> findings = new ArrayList<>();
		for (Session session : sessions) {
			Finding finding = finding(session);
			if (finding != null && findings.size() < MOST) {
				findings.add(finding);
			}
		}
		long hidden = sessions.stream().filter(Session::hidden).count();
		if (hidden > 0) {
			findings.add(Finding.note("sessions-hidden", "pg_stat_activity", hidden
					+ " sessions in this database are those of other users, and the user of the outbox may not see"
					+ " since when they have a transaction open",
					"Let the user of the outbox see them: GRANT pg_read_all_stats TO its name"));
		}
		findings.addAll(prepared());
		findings.addAll(slots());
		return findings;
	}

	private @Nullable Finding finding(Session session) {
		String stop = " or end it with SELECT pg_terminate_backend(" + session.pid() + ")";
		if (session.holds() && isOld(session)) {
			String since = (session.openMillis() != null)
					? "has had a transaction open for " + time(session.openMillis())
					: "holds a snapshot that is " + session.transactions() + " transactions old";
			return Finding.warning(HELD_BACK, session.subject(), "It " + since + CONSEQUENCE,
					"Let it commit," + stop + ". Limit such transactions with"
							+ " idle_in_transaction_session_timeout, or if they are meant, raise"
							+ " outbox.doctor.max-transaction-age");
		}
		if (session.isIdle() && session.idleMillis() != null && session.idleMillis() > this.limit.toMillis()) {
			return Finding.warning("idle-in-transaction", session.subject(), "It has been idle in a transaction for "
					+ time(session.idleMillis())
					+ ". It keeps its connection and its locks, and holds vacuum back as soon as it reads or writes",
					"Look for code that opens a transaction and waits for something else," + stop
							+ ". idle_in_transaction_session_timeout lets the server do so");
		}
		return null;
	}

	private boolean isOld(Session session) {
		return (session.openMillis() != null) ? session.openMillis() > this.limit.toMillis()
				: session.transactions() > MOST_TRANSACTIONS;
	}

	private List<Finding> prepared() {
		List<Finding> findings = new ArrayList<>();
		this.catalogue.query(PREPARED, (row) -> {
			String id = "prepared transaction '" + row.getString(1) + "'";
			long millis = row.getLong(3);
			String since = "It was prepared " + time(millis) + " ago by " + row.getString(2) + ", and not ended";
			return millis > this.limit.toMillis() && findings.add(Finding.warning(HELD_BACK, id, since + CONSEQUENCE,
					"If its transaction manager is gone, run COMMIT PREPARED or ROLLBACK PREPARED with that name"));
		});
		return findings;
	}

	/**
	 * A slot that nobody uses holds back more and more, however little it is by now.
	 */
	private List<Finding> slots() {
		List<Finding> findings = new ArrayList<>();
		this.catalogue.query(SLOTS, (row) -> {
			String slot = "replication slot '" + row.getString(1) + "'";
			long transactions = row.getLong(3);
			String snapshot = "snapshot that is " + transactions + " transactions old" + CONSEQUENCE;
			if (!row.getBoolean(2)) {
				return findings.add(Finding.warning(HELD_BACK, slot, "It is used by nobody, and holds a " + snapshot,
						"Start its replica again, or run SELECT pg_drop_replication_slot with that name"));
			}
			return transactions > MOST_TRANSACTIONS
					&& findings.add(Finding.warning(HELD_BACK, slot, "It holds a " + snapshot,
							"Look for a long query on the replica, or set hot_standby_feedback=off there"));
		});
		return findings;
	}

	private static String time(long millis) {
		Duration time = Duration.ofMillis(millis);
		return (time.toMinutes() > 1) ? time.toMinutes() + " min" : time.toSeconds() + " s";
	}

	/**
	 * A session.
	 *
	 * @param pid its process
	 * @param subject what it is called
	 * @param state its state, {@code null} if it is hidden
	 * @param hidden whether its times are hidden from this user
	 * @param holds whether it holds a snapshot or has written
	 * @param transactions how old the snapshot is, in transactions
	 * @param openMillis how long its transaction has been open, {@code null} if there is
	 * none or it is hidden
	 * @param idleMillis how long it has been in its state, {@code null} if it is hidden
	 */
	private record Session(int pid, String subject, @Nullable String state, boolean hidden, boolean holds,
			long transactions, @Nullable Long openMillis, @Nullable Long idleMillis) {

		static Session of(ResultSet row) throws SQLException {
			int pid = row.getInt(1);
			String application = row.getString(2);
			String subject = "session " + pid + " of " + row.getString(3)
					+ ((application != null && !application.isEmpty()) ? " (" + application + ")" : "");
			return new Session(pid, subject, row.getString(4), row.getBoolean(5), row.getBoolean(6), row.getLong(7),
					row.getObject(8, Long.class), row.getObject(9, Long.class));
		}

		boolean isIdle() {
			return this.state != null && this.state.startsWith("idle in transaction");
		}

	}

}
