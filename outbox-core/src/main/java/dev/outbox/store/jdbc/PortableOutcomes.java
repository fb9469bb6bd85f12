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

package dev.outbox.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

import dev.outbox.store.Claim;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import org.jspecify.annotations.Nullable;

/**
 * Writes what has become of single rows, for the owner of their partition only.
 */
final class PortableOutcomes {

	/**
	 * The lock lets a takeover wait until what the last owner has decided is committed.
	 */
	private static final String CLAIM = """
			SELECT epoch FROM ${partition}%s WHERE transport = ? AND part = ? AND owner = ? AND epoch = ?""";

	private static final String ROW = " WHERE seq = ? AND id = ? AND transport = ? AND part = ?";

	private static final String ALL = EventRows.COLUMNS + ", payload";

	private final PortableWork work;

	private final String claim;

	private final String recordFailure;

	private final String countCarefulSend;

	private final @Nullable String lockRow;

	private final String bury;

	private final String block;

	private final String readKey;

	private final String takeOver;

	private final String delete;

	PortableOutcomes(PortableWork work) {
		this.work = work;
		SqlSyntax syntax = work.syntax();
		this.claim = work.sql(CLAIM.formatted(syntax.sharing()) + syntax.forShare());
		this.recordFailure = work.sql("UPDATE ${event} SET first_failed_at = coalesce(first_failed_at, " + syntax.now()
				+ "), attempts = " + atMost32767("attempts", "1") + ", crashes = 0, next_attempt_at = "
				+ syntax.fromNow() + ", last_error = ?" + ROW);
		this.countCarefulSend = work.sql("UPDATE ${event} SET crashes = CASE WHEN crashes + ? BETWEEN 0 AND 32767"
				+ " THEN crashes + ? ELSE crashes END" + ROW);
		this.lockRow = (syntax.forCopy() == null) ? work.sql("SELECT seq FROM ${event}" + ROW + syntax.forUpdate())
				: null;
		this.bury = work.sql("INSERT INTO ${dead_letter} (seq, " + ALL
				+ ", attempts, first_failed_at, died_at, error, fingerprint, stack_trace, forward_at) SELECT seq, "
				+ ALL + ", " + atMost32767("attempts", "?") + ", first_failed_at, " + syntax.now()
				+ ", ?, ?, ?, CASE WHEN ? = 1 THEN " + syntax.now() + " ELSE NULL END FROM ${event}" + syntax.locking()
				+ ROW + Objects.requireNonNullElse(syntax.forCopy(), ""));
		this.block = work
			.sql(syntax.insertIfAbsent() + " ${blocked_key} (transport, destination, event_key, blocked_at, seq, id)"
					+ " SELECT transport, destination, event_key, " + syntax.now() + ", seq, id FROM ${event}" + ROW
					+ " AND event_key IS NOT NULL");
		this.readKey = work.sql("SELECT destination, event_key FROM ${event}" + ROW + " AND event_key IS NOT NULL");
		this.takeOver = work.sql("UPDATE ${blocked_key} SET blocked_at = " + syntax.now() + ", seq = ?, id = ?"
				+ " WHERE transport = ? AND destination = ? AND event_key = ? AND NOT EXISTS (SELECT 1"
				+ " FROM ${dead_letter} l WHERE l.id = ${blocked_key}.id AND l.seq = ${blocked_key}.seq)");
		this.delete = work.sql(syntax.deleteByPrimaryKey("${event}") + ROW);
	}

	private static String atMost32767(String column, String more) {
		return "CASE WHEN %1$s < 32767 THEN %1$s + %2$s ELSE %1$s END".formatted(column, more);
	}

	boolean recordFailure(Claim claim, EventRef row, String error, Duration retryIn) {
		return this.work.inTransaction(
				(connection) -> isValid(connection, claim) && PortableWork.update(connection, this.recordFailure,
						retryIn.toMillis(), error, row.seq(), row.id(), claim.transport(), claim.part()) == 1);
	}

	boolean countCarefulSend(Claim claim, EventRef row, int change) {
		return this.work.inTransaction((connection) -> isValid(connection, claim) && PortableWork.update(connection,
				this.countCarefulSend, change, change, row.seq(), row.id(), claim.transport(), claim.part()) == 1);
	}

	boolean deadLetter(Claim claim, EventRef row, GivenUp givenUp) {
		return this.work.inTransaction((connection) -> {
			if (!isValid(connection, claim) || !bury(connection, claim, row, givenUp)) {
				return false;
			}
			if (givenUp.blockKey() && this.work.insertIfAbsent(connection, this.block, row.seq(), row.id(),
					claim.transport(), claim.part()) == 0) {
				takeOver(connection, claim, row);
			}
			return PortableWork.update(connection, this.delete, row.seq(), row.id(), claim.transport(),
					claim.part()) == 1;
		});
	}

	private boolean bury(Connection connection, Claim claim, EventRef row, GivenUp givenUp) throws SQLException {
		if (this.lockRow != null) {
			PortableWork.query(connection, this.lockRow, (locked) -> locked.getLong(1), row.seq(), row.id(),
					claim.transport(), claim.part());
		}
		RowFormat format = this.work.syntax().format();
		Object error = format.longText(connection, givenUp.error());
		Object trace = (givenUp.stackTrace() != null) ? format.longText(connection, givenUp.stackTrace()) : null;
		try {
			return PortableWork.update(connection, this.bury, givenUp.attemptFailed() ? 1 : 0, error,
					givenUp.fingerprint(), trace, givenUp.forward() ? 1 : 0, row.seq(), row.id(), claim.transport(),
					claim.part()) != 0;
		}
		finally {
			PortableWork.free(error);
			PortableWork.free(trace);
		}
	}

	/**
	 * The key is blocked already. If the dead letter that blocks it is not there any
	 * more, because somebody has deleted it by hand, this one blocks it from now on.
	 */
	private void takeOver(Connection connection, Claim claim, EventRef row) throws SQLException {
		List<String[]> keys = PortableWork.query(connection, this.readKey,
				(found) -> new String[] { found.getString(1), found.getString(2) }, row.seq(), row.id(),
				claim.transport(), claim.part());
		for (String[] key : keys) {
			PortableWork.update(connection, this.takeOver, row.seq(), row.id(), claim.transport(), key[0], key[1]);
		}
	}

	private boolean isValid(Connection connection, Claim claim) throws SQLException {
		return !PortableWork
			.query(connection, this.claim, (row) -> row.getLong(1), claim.transport(), claim.part(), claim.owner(),
					claim.epoch())
			.isEmpty();
	}

}
