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

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.LongStream;

import dev.outbox.store.PositionLostException;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.ReadScope;
import dev.outbox.store.StoredEvent;
import dev.outbox.store.jdbc.EventRows;
import dev.outbox.store.jdbc.JdbcWork;
import dev.outbox.store.jdbc.postgres.PostgresPosition.Pass;
import dev.outbox.store.jdbc.postgres.PostgresPosition.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * One step of a scan. A row behind the cursor that is visible now and was not before was
 * written by a transaction that the previous snapshot called unfinished: so the late rows
 * are found exactly, however long their transactions take.
 */
final class PostgresScan {

	private static final int LATE = 0;

	private static final int TAIL = 1;

	/**
	 * Late rows that do not fit into one read are looked up in portions of this size:
	 * each look-up passes over all of them.
	 */
	private static final int LOOK_UP = 50_000;

	private static final int ARM = EventRows.COUNT + 5;

	private final JdbcWork work;

	private final RelayStatements sql;

	PostgresScan(JdbcWork work, RelayStatements sql) {
		this.work = work;
		this.sql = sql;
	}

	ReadResult read(ReadRequest request) {
		Answer answer = this.work.inTransaction(TransactionSettings.READ, (connection) -> query(connection, request));
		PostgresPosition from = (PostgresPosition) request.from();
		check(from, answer);
		return consume(request, from, answer);
	}

	private Answer query(Connection connection, ReadRequest request) throws SQLException {
		Pass pass = ((PostgresPosition) request.from()).pass();
		if (pass != null) {
			long[] listed = (pass.listed().length > 0) ? pass.listed() : list(connection, request);
			if (listed.length > request.maxRows()) {
				return readListed(connection, request, listed);
			}
		}
		return scan(connection, request);
	}

	/**
	 * Looks up late rows. What becomes visible later is left to the next pass, or to the
	 * next look-up.
	 */
	private long[] list(Connection connection, ReadRequest request) throws SQLException {
		PostgresPosition from = (PostgresPosition) request.from();
		try (PreparedStatement statement = connection.prepareStatement(this.sql.listLate())) {
			statement.setString(1, (from.seen() != null) ? Long.toString(from.seen().xmax()) : NEVER);
			statement.setArray(2, connection.createArrayOf("xid8", running(from.seen())));
			int next = setScope(statement, setLate(statement, 3, from), connection, request.scope());
			statement.setInt(next, LOOK_UP);
			LongStream.Builder seqs = LongStream.builder();
			try (ResultSet result = statement.executeQuery()) {
				while (result.next()) {
					seqs.add(result.getLong(1));
				}
			}
			return seqs.build().toArray();
		}
	}

	private Answer readListed(Connection connection, ReadRequest request, long[] listed) throws SQLException {
		Object[] next = Arrays.stream(listed).limit(request.maxRows()).boxed().toArray();
		try (PreparedStatement statement = connection.prepareStatement(this.sql.readListed())) {
			statement.setArray(1, connection.createArrayOf("bigint", next));
			setScope(statement, 2, connection, request.scope());
			Answer answer = fetch(statement);
			answer.listed = listed;
			return answer;
		}
	}

	private static int setScope(PreparedStatement statement, int next, Connection connection, ReadScope scope)
			throws SQLException {
		Array parts = connection.createArrayOf("int", scope.parts().toArray());
		Array names = connection.createArrayOf("text", destinations(scope));
		int last = setScope(statement, next, scope.transport(), parts, names);
		statement.setBoolean(last, scope.only() != null);
		return last + 1;
	}

	private static Boolean[] flags(Set<Integer> parts) {
		Boolean[] flags = new Boolean[parts.isEmpty() ? 0 : Collections.max(parts) + 1];
		Arrays.setAll(flags, parts::contains);
		return flags;
	}

	private static String[] destinations(ReadScope scope) {
		return (scope.only() != null) ? new String[] { scope.only() } : scope.excluded().toArray(new String[0]);
	}

	private Answer scan(Connection connection, ReadRequest request) throws SQLException {
		ReadScope scope = request.scope();
		PostgresPosition from = (PostgresPosition) request.from();
		boolean one = scope.only() != null;
		String[] destinations = destinations(scope);
		String text = this.sql.scan(one, destinations.length > 0);
		Array parts = connection.createArrayOf("boolean", flags(scope.parts()));
		Array names = connection.createArrayOf("text", destinations);
		try (PreparedStatement statement = connection.prepareStatement(text)) {
			int next = 1;
			statement.setString(next++, (from.seen() != null) ? Long.toString(from.seen().xmax()) : NEVER);
			next = setLate(statement, next, from);
			next = setScope(statement, next, scope.transport(), parts, names);
			statement.setArray(next++, connection.createArrayOf("xid8", running(from.seen())));
			next = setLate(statement, next, from);
			next = setScope(statement, next, scope.transport(), parts, names);
			statement.setInt(next++, request.maxRows());
			statement.setLong(next++, from.cursor());
			statement.setLong(next++, request.upTo());
			next = setScope(statement, next, scope.transport(), parts, names);
			statement.setInt(next, request.maxRows());
			return fetch(statement);
		}
	}

	/**
	 * No transaction has this number: at the beginning nothing can be late.
	 */
	private static final String NEVER = "18446744073709551615";

	private static String[] running(@Nullable Snapshot seen) {
		return (seen == null) ? new String[0]
				: Arrays.stream(seen.running()).mapToObj(Long::toString).toArray(String[]::new);
	}

	private static int setLate(PreparedStatement statement, int next, PostgresPosition from) throws SQLException {
		statement.setLong(next, from.cursor());
		statement.setLong(next + 1, (from.pass() != null) ? from.pass().after() : -1);
		return next + 2;
	}

	private static int setScope(PreparedStatement statement, int next, String transport, Array parts, Array names)
			throws SQLException {
		statement.setString(next, transport);
		statement.setArray(next + 1, parts);
		statement.setArray(next + 2, names);
		return next + 3;
	}

	private Answer fetch(PreparedStatement statement) throws SQLException {
		EventRows rows = new EventRows(PostgresFormat.INSTANCE);
		Answer answer = new Answer();
		try (ResultSet result = statement.executeQuery()) {
			while (result.next()) {
				switch (result.getInt(ARM)) {
					case LATE -> answer.late.add(rows.stored(result));
					case TAIL -> answer.tail.add(rows.stored(result));
					default -> {
						answer.lastSeq = result.getLong(1);
						answer.snapshot = Snapshot.parse(Objects.requireNonNull(result.getString(4)),
								Objects.requireNonNull(result.getString(5)));
						answer.inRecovery = result.getInt(EventRows.COUNT + 2) == 1;
					}
				}
			}
		}
		return answer;
	}

	private static void check(PostgresPosition from, Answer answer) {
		Snapshot now = answer.snapshot();
		if (answer.inRecovery) {
			throw new PositionLostException("the server is a standby. Events are read from the primary only");
		}
		Snapshot before = from.seen();
		if (before != null && !before.serverStart().equals(now.serverStart())) {
			throw new PositionLostException("the server has been started again at " + now.serverStart());
		}
		if (before != null && now.xmax() < before.xmax()) {
			throw new PositionLostException("the server's transaction numbers went back from " + before.xmax() + " to "
					+ now.xmax() + ": it is another server, or was restored");
		}
	}

	private static ReadResult consume(ReadRequest request, PostgresPosition from, Answer answer) {
		Budget budget = new Budget(request.maxRows(), request.maxBytes());
		Snapshot passStart = (from.pass() != null) ? from.pass().snapshot() : answer.snapshot();
		for (StoredEvent row : answer.late) {
			if (!budget.take(row)) {
				break;
			}
		}
		int late = budget.taken.size();
		if (answer.listed.length > 0) {
			boolean all = late == answer.late.size();
			int done = all ? request.maxRows()
					: Arrays.binarySearch(answer.listed, budget.taken.get(late - 1).seq()) + 1;
			long[] rest = Arrays.copyOfRange(answer.listed, done, answer.listed.length);
			return new ReadResult(budget.taken, new PostgresPosition(from.cursor(), from.seen(),
					new Pass(answer.listed[done - 1], passStart, rest)), false);
		}
		if (late < answer.late.size() || late == request.maxRows()) {
			// Rows that become visible while the pass goes on are left to the next one.
			long after = (late > 0) ? budget.taken.get(late - 1).seq() : -1;
			return new ReadResult(budget.taken,
					new PostgresPosition(from.cursor(), from.seen(), new Pass(after, passStart, new long[0])), false);
		}
		if (from.pass() != null) {
			// What became visible behind the pass comes before the tail, in the next
			// step.
			return new ReadResult(budget.taken, new PostgresPosition(from.cursor(), passStart, null), false);
		}
		for (StoredEvent row : answer.tail) {
			if (!budget.take(row)) {
				break;
			}
		}
		int tail = budget.taken.size() - late;
		boolean drained = tail == answer.tail.size() && tail < request.maxRows();
		long cursor = (tail > 0) ? budget.taken.get(budget.taken.size() - 1).seq() : from.cursor();
		if (drained) {
			// What lies between is not ours, or its transaction has not ended in this
			// snapshot.
			cursor = Math.max(cursor, Math.min(request.upTo(), answer.lastSeq));
		}
		return new ReadResult(budget.taken, new PostgresPosition(cursor, passStart, null), drained);
	}

	/**
	 * What the database returned.
	 */
	private static final class Answer {

		private final List<StoredEvent> late = new ArrayList<>();

		private final List<StoredEvent> tail = new ArrayList<>();

		private long[] listed = new long[0];

		private long lastSeq;

		private boolean inRecovery;

		private @Nullable Snapshot snapshot;

		private Snapshot snapshot() {
			return Objects.requireNonNull(this.snapshot);
		}

	}

	/**
	 * What may still be consumed.
	 */
	private static final class Budget {

		private final List<StoredEvent> taken = new ArrayList<>();

		private final int maxRows;

		private long bytes;

		private Budget(int maxRows, long maxBytes) {
			this.maxRows = maxRows;
			this.bytes = maxBytes;
		}

		private boolean take(StoredEvent row) {
			if (this.taken.size() >= this.maxRows || (!this.taken.isEmpty() && this.bytes < row.payloadSize())) {
				return false;
			}
			this.bytes -= row.payloadSize();
			this.taken.add(row);
			return true;
		}

	}

}
