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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import javax.sql.DataSource;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.store.AuditAction;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterGroup;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.Operator;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters on any database. Each change locks the dead letter first, then the
 * blocked key, which is the order in which the relay writes them.
 */
public final class JdbcDeadLetterStore implements DeadLetterStore {

	private static final String ALL = EventRows.COLUMNS + ", payload";

	private final OperatorWork work;

	private final AuditWriter audit;

	private final JsonValues json = new JsonValues();

	private final String find;

	private final String findEvent;

	private final String lastNumber;

	private final String lock;

	private final String unblock;

	private final String replayHead;

	private final @Nullable String announce;

	private final String replayLast;

	private final String repair;

	private final String delete;

	/**
	 * Creates the store.
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @param syntax what the database says differently
	 */
	public JdbcDeadLetterStore(DataSource dataSource, TableNames tables, CommonSyntax syntax) {
		this.work = new OperatorWork(dataSource, tables, syntax);
		this.audit = new AuditWriter(this.work);
		this.find = this.work.sql(DeadLetterRows.complete(syntax, "", "WHERE number = ?"));
		// The first one by number would lead a planner to look through all numbers.
		this.findEvent = this.work.sql(DeadLetterRows.complete(syntax, "", "WHERE id = ?"));
		this.lastNumber = this.work.sql("SELECT coalesce(max(number), 0) FROM ${dead_letter}");
		this.lock = this.work.sql("SELECT seq, id, transport, destination, event_key FROM ${dead_letter}"
				+ syntax.locking() + " WHERE number = ?" + syntax.forUpdate());
		this.unblock = this.work.sql(syntax.deleteByIndex("${blocked_key}", "blocked_key_key")
				+ " WHERE transport = ? AND destination = ? AND event_key = ? AND seq = ? AND id = ?");
		this.replayHead = this.work.sql(syntax.insertNumbered(copy("seq, " + ALL)));
		String announce = syntax.announceReturn();
		this.announce = (announce != null) ? this.work.sql(announce) : null;
		this.replayLast = this.work.sql(copy(ALL));
		this.repair = this.work
			.sql("UPDATE ${dead_letter} SET id = ?, destination = ?, event_type = ?, event_version = ?, options = ?,"
					+ " content_type = ?, headers = ?, payload = ?, created_at = ? WHERE number = ?");
		this.delete = this.work.sql(syntax.deleteByPrimaryKey("${dead_letter}") + " WHERE number = ?");
	}

	private String copy(String columns) {
		return "INSERT INTO ${event} (" + columns + ", waiting_since) SELECT " + columns + ", "
				+ this.work.syntax().now() + " FROM ${dead_letter} WHERE number = ?";
	}

	@Override
	public List<DeadLetter> list(DeadLetterFilter filter, long afterNumber, int limit) {
		CommonSyntax syntax = this.work.syntax();
		List<Object> parameters = new ArrayList<>(List.of(afterNumber));
		String conditions = DeadLetterRows.conditions(syntax, filter, parameters);
		parameters.add(limit);
		String sql = this.work
			.sql(DeadLetterRows.list(syntax, "WHERE number > ?" + conditions + " ORDER BY number" + syntax.first("?")));
		DeadLetterRows rows = new DeadLetterRows(syntax.format());
		return this.work.reading((connection) -> this.work.query(connection, sql, rows::listed, parameters.toArray()));
	}

	/**
	 * The error is looked up: a long text is no part of a group on all databases.
	 */
	@Override
	public List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit) {
		CommonSyntax syntax = this.work.syntax();
		List<Object> parameters = new ArrayList<>();
		String conditions = DeadLetterRows.conditions(syntax, filter, parameters);
		parameters.add(limit);
		String sql = this.work.sql("""
				SELECT g.fingerprint, g.transport, g.destination, g.event_type, g.letters, g.first_died, g.last_died,
					g.last_letter, last.error
				FROM (SELECT l.fingerprint, l.transport, l.destination, l.event_type, count(*) AS letters,
						min(l.died_at) AS first_died, max(l.died_at) AS last_died, max(l.number) AS last_letter
					FROM ${dead_letter} l WHERE 1 = 1%s
					GROUP BY l.fingerprint, l.transport, l.destination, l.event_type
					ORDER BY letters DESC, last_letter DESC%s) g
				JOIN ${dead_letter} last ON last.number = g.last_letter
				ORDER BY g.letters DESC, g.last_letter DESC""".formatted(conditions, syntax.first("?")));
		return this.work.reading((connection) -> this.work.query(connection, sql,
				(row) -> new DeadLetterGroup(OperatorWork.text(row, 1), OperatorWork.destination(row, 2),
						OperatorWork.text(row, 4), row.getLong(5), this.work.time(row, 6), this.work.time(row, 7),
						row.getLong(8), OperatorWork.text(row, 9)),
				parameters.toArray()));
	}

	@Override
	public long count(DeadLetterFilter filter, long lastNumber) {
		CommonSyntax syntax = this.work.syntax();
		List<Object> parameters = new ArrayList<>(List.of(lastNumber));
		String conditions = DeadLetterRows.conditions(syntax, filter, parameters);
		String sql = this.work.sql("SELECT count(*) FROM ${dead_letter} l WHERE l.number <= ?" + conditions);
		return this.work
			.reading((connection) -> this.work.query(connection, sql, (row) -> row.getLong(1), parameters.toArray()))
			.get(0);
	}

	@Override
	public long lastNumber() {
		return this.work.reading((connection) -> this.work.query(connection, this.lastNumber, (row) -> row.getLong(1)))
			.get(0);
	}

	@Override
	public Optional<DeadLetter> find(long number) {
		return find(this.find, number);
	}

	@Override
	public Optional<DeadLetter> find(UUID eventId) {
		return find(this.findEvent, eventId);
	}

	private Optional<DeadLetter> find(String sql, Object parameter) {
		DeadLetterRows rows = new DeadLetterRows(this.work.syntax().format());
		return this.work.reading((connection) -> this.work.query(connection, sql, rows::complete, parameter))
			.stream()
			.min(Comparator.comparingLong(DeadLetter::number));
	}

	@Override
	public boolean replay(long number, Operator operator) {
		return change(number, (connection, letter) -> {
			putBack(connection, letter, unblock(connection, letter));
			write(connection, operator, AuditAction.RETRY, letter, null);
		});
	}

	/**
	 * The dead letter becomes the other event, which is then put back like any other.
	 */
	@Override
	public boolean replace(long number, OutboxRecord repaired, Operator operator) {
		return change(number, (connection, letter) -> {
			boolean head = unblock(connection, letter);
			repair(connection, number, repaired);
			putBack(connection, letter, head);
			write(connection, operator, AuditAction.REPAIR, letter, "replaced by " + repaired.id());
		});
	}

	@Override
	public boolean discard(long number, Operator operator) {
		return change(number, (connection, letter) -> {
			unblock(connection, letter);
			write(connection, operator, AuditAction.DISCARD, letter, null);
		});
	}

	/**
	 * Whoever comes second waits for the lock, and then finds nothing.
	 */
	private boolean change(long number, Change change) {
		return this.work.inTransaction((connection) -> {
			List<Letter> found = this.work.query(connection, this.lock, (row) -> new Letter(number, row.getLong(1),
					this.work.syntax().format().uuid(row, 2), OperatorWork.destination(row, 3), row.getString(5)),
					number);
			if (found.isEmpty()) {
				return false;
			}
			change.on(connection, found.get(0));
			return this.work.update(connection, this.delete, number) == 1;
		});
	}

	private boolean unblock(Connection connection, Letter letter) throws SQLException {
		return letter.key() != null && this.work.update(connection, this.unblock, letter.destination().transport(),
				letter.destination().name(), letter.key(), letter.seq(), letter.id()) == 1;
	}

	/**
	 * The head of a blocked key goes back to its place, all others to the end: their keys
	 * have gone on without them.
	 */
	private void putBack(Connection connection, Letter letter, boolean head) throws SQLException {
		if (head && this.announce != null) {
			this.work.update(connection, this.announce, letter.seq());
		}
		this.work.update(connection, head ? this.replayHead : this.replayLast, letter.number());
	}

	private void repair(Connection connection, long number, OutboxRecord event) throws SQLException {
		Object options = text(connection, event.options());
		Object headers = text(connection, event.headers());
		try {
			this.work.update(connection, this.repair, event.id(), event.destination().name(), event.eventType(),
					event.eventVersion(), options, event.contentType(), headers, event.payload(), event.createdAt(),
					number);
		}
		finally {
			PortableWork.free(options);
			PortableWork.free(headers);
		}
	}

	private @Nullable Object text(Connection connection, Map<String, Object> values) throws SQLException {
		String text = this.json.write(values);
		return (text != null) ? this.work.syntax().format().longText(connection, text) : null;
	}

	private void write(Connection connection, Operator operator, AuditAction action, Letter letter,
			@Nullable String detail) throws SQLException {
		this.audit.write(connection, operator, action, letter.destination(), letter.key(),
				new AuditWriter.Letter(letter.number(), letter.id()), detail);
	}

	/**
	 * What becomes of a dead letter that is locked.
	 */
	@FunctionalInterface
	private interface Change {

		void on(Connection connection, Letter letter) throws SQLException;

	}

	/**
	 * A dead letter that is locked.
	 */
	private record Letter(long number, long seq, UUID id, Destination destination, @Nullable String key) {

	}

}
