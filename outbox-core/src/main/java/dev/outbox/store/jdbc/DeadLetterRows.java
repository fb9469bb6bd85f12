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

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

import dev.outbox.OutboxRecord;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import org.jspecify.annotations.Nullable;

/**
 * Selects dead letters, which the statements call {@code l}, and reads them.
 */
final class DeadLetterRows {

	/**
	 * Whether a key waits for a dead letter: one may have been unblocked by hand, and
	 * then blocked by another one. Both the number and the id name it.
	 */
	static final String BLOCKING = """
			EXISTS (SELECT 1 FROM ${blocked_key} b WHERE b.transport = l.transport AND b.destination = l.destination
				AND b.event_key = l.event_key AND b.seq = l.seq AND b.id = l.id)""";

	private static final int NEXT = 2 + EventRows.COUNT;

	/**
	 * The position of the first column behind those of a dead letter in a list.
	 */
	static final int MORE = NEXT + 8;

	private final RowFormat format;

	private final EventRows rows;

	DeadLetterRows(RowFormat format) {
		this.format = format;
		this.rows = new EventRows(format);
	}

	/**
	 * Returns a query for dead letters as they are in lists.
	 * @param more what follows the columns and the name of the table
	 */
	static String list(CommonSyntax syntax, String more) {
		return "SELECT " + columns(syntax) + " FROM ${dead_letter} l " + more;
	}

	/**
	 * Returns a query for complete dead letters.
	 * @param columns further columns, which begin with a comma
	 * @param more what follows the name of the table
	 */
	static String complete(CommonSyntax syntax, String columns, String more) {
		return "SELECT " + columns(syntax) + ", payload, stack_trace" + columns + " FROM ${dead_letter} l " + more;
	}

	private static String columns(CommonSyntax syntax) {
		return "number, " + EventRows.COLUMNS + ", seq, " + syntax.byteLength("payload")
				+ ", attempts, first_failed_at, died_at, error, fingerprint, CASE WHEN " + BLOCKING
				+ " THEN 1 ELSE 0 END";
	}

	/**
	 * Returns the conditions of a filter, each behind an AND, and adds their parameters.
	 */
	static String conditions(CommonSyntax syntax, DeadLetterFilter filter, List<Object> parameters) {
		StringBuilder sql = new StringBuilder();
		add(sql, parameters, "l.event_type = ?", filter.eventType());
		add(sql, parameters, "l.event_key = ?", filter.key());
		add(sql, parameters, "l.transport = ?", filter.transport());
		add(sql, parameters, "l.destination = ?", filter.destination());
		add(sql, parameters, "l.fingerprint = ?", filter.fingerprint());
		add(sql, parameters, "l.died_at >= ?", rounded(filter.diedFrom()));
		add(sql, parameters, "l.died_at < ?", rounded(filter.diedBefore()));
		add(sql, parameters, "l.attempts >= ?", (filter.minAttempts() > 0) ? filter.minAttempts() : null);
		String error = filter.error();
		// Every text contains an empty one, but not on every database.
		add(sql, parameters, syntax.contains("l.error"), (error != null && !error.isEmpty()) ? error : null);
		return sql.toString();
	}

	private static void add(StringBuilder sql, List<Object> parameters, String condition, @Nullable Object value) {
		if (value != null) {
			sql.append(" AND ").append(condition);
			parameters.add(value);
		}
	}

	/**
	 * Returns the next microsecond, as which databases store times: what died before a
	 * time in between died before that as well.
	 */
	private static @Nullable Instant rounded(@Nullable Instant time) {
		if (time == null || time.getNano() % 1000 == 0) {
			return time;
		}
		return time.plusNanos(1000 - time.getNano() % 1000);
	}

	DeadLetter listed(ResultSet row) throws SQLException {
		return letter(row, null, null);
	}

	DeadLetter complete(ResultSet row) throws SQLException {
		return letter(row, row.getBytes(MORE), row.getString(MORE + 1));
	}

	private DeadLetter letter(ResultSet row, byte @Nullable [] payload, @Nullable String stackTrace)
			throws SQLException {
		OutboxRecord event = this.rows.event(row, 2, payload);
		return new DeadLetter(row.getLong(1), row.getLong(NEXT), row.getInt(3), event, row.getInt(NEXT + 1),
				row.getInt(NEXT + 2), this.format.time(row, NEXT + 3), time(row, NEXT + 4),
				OperatorWork.text(row, NEXT + 5), OperatorWork.text(row, NEXT + 6), stackTrace,
				row.getInt(NEXT + 7) == 1, this.rows.defect());
	}

	private Instant time(ResultSet row, int column) throws SQLException {
		return Objects.requireNonNull(this.format.time(row, column));
	}

}
