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
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

import javax.sql.DataSource;

import dev.outbox.LogFields;
import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.store.ArchiveFilter;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.NewEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The archive on any database. Events are copied by the database, so that payloads never
 * leave it.
 */
public final class JdbcArchiveStore implements ArchiveStore {

	private static final Logger logger = LoggerFactory.getLogger(JdbcArchiveStore.class);

	/**
	 * How many rows one query looks through.
	 */
	private static final long WINDOW = 50_000;

	private final JdbcDialect dialect;

	private final TableNames tables;

	private final JdbcWork work;

	private final CommonSyntax syntax;

	private final JsonValues json = new JsonValues();

	private final String copy;

	/**
	 * Creates the store.
	 * @param dialect the database
	 * @param dataSource where to get connections
	 * @param tables names of the tables
	 * @param syntax what the database says differently
	 */
	public JdbcArchiveStore(JdbcDialect dialect, DataSource dataSource, TableNames tables, CommonSyntax syntax) {
		this.dialect = dialect;
		this.tables = tables;
		this.work = new JdbcWork(dataSource);
		this.syntax = syntax;
		this.copy = sql("INSERT INTO ${event} (" + EventRows.COLUMNS + ", payload, waiting_since) SELECT "
				+ EventRows.COLUMNS.replace("headers", "?") + ", payload, " + syntax.now()
				+ " FROM ${archive} WHERE number = ?");
	}

	private String sql(String statement) {
		return this.dialect.sql(this.tables, statement);
	}

	private <T> T inTransaction(JdbcWork.Work<T> task) {
		return this.work.inTransaction(this.dialect.schemaTransaction(), task);
	}

	private <T> T reading(JdbcWork.Work<T> task) {
		return this.work.inTransaction(this.syntax.reading(), task);
	}

	@Override
	public boolean isEmpty() {
		return reading((connection) -> next(connection, 0, Long.MAX_VALUE)).isEmpty();
	}

	/**
	 * The archive is read before the transaction that writes: however long it takes to
	 * find something, nothing waits for it.
	 */
	@Override
	public Portion replay(String name, ArchiveFilter filter, int limit) {
		while (true) {
			Progress progress = progress(name, filter);
			if (progress.isAtItsEnd()) {
				return new Portion(List.of(), true);
			}
			Found found = find(name, filter, progress, (int) Math.min(limit, filter.limit() - progress.count()));
			Optional<Portion> portion = inTransaction((connection) -> put(connection, name, progress, found, filter));
			if (portion.isPresent()) {
				return portion.get();
			}
		}
	}

	private Progress progress(String name, ArchiveFilter filter) {
		Progress progress = reading((connection) -> read(connection, name)).or(() -> begin(name, filter)).orElseThrow();
		if (!progress.filter().equals(filter.toString())) {
			throw new OutboxException("The replay '" + name + "' was begun for " + progress.filter() + ", not for "
					+ filter + ". This call has changed nothing. Use the same filter to go on, or another name for"
					+ " another replay");
		}
		return progress;
	}

	private Optional<Progress> read(Connection connection, String name) throws SQLException {
		try (PreparedStatement statement = prepare(connection,
				sql("SELECT selection, replayed_to, last_number, event_count FROM ${replay} WHERE name = ?"), name);
				ResultSet row = statement.executeQuery()) {
			return row.next()
					? Optional.of(new Progress(row.getString(1), row.getLong(2), row.getLong(3), row.getLong(4)))
					: Optional.empty();
		}
	}

	/**
	 * Another caller may be first.
	 */
	private Optional<Progress> begin(String name, ArchiveFilter filter) {
		try {
			return inTransaction((connection) -> {
				long last = number(connection, sql("SELECT max(number) FROM ${archive}")).orElse(0);
				update(connection, sql("INSERT INTO ${replay} (name, selection, replayed_to, last_number, event_count)"
						+ " VALUES (?, ?, 0, ?, 0)"), name, filter.toString(), last);
				return Optional.of(new Progress(filter.toString(), 0, last, 0));
			});
		}
		catch (OutboxException ex) {
			return reading((connection) -> Optional.of(read(connection, name).orElseThrow(() -> ex)));
		}
	}

	/**
	 * Looks for the next events, and remembers how far it has looked even if there are
	 * none.
	 */
	private Found find(String name, ArchiveFilter filter, Progress progress, int limit) {
		List<Row> rows = new ArrayList<>();
		long after = progress.replayedTo();
		while (rows.isEmpty() && after < progress.last()) {
			long passed = after;
			OptionalLong next = reading((connection) -> next(connection, passed, progress.last()));
			if (next.isEmpty()) {
				return new Found(rows, progress.last());
			}
			long to = Math.min(progress.last(), next.getAsLong() + WINDOW - 1);
			after = reading((connection) -> select(connection, name, filter, next.getAsLong(), to, limit, rows));
		}
		return new Found(rows, after);
	}

	private OptionalLong next(Connection connection, long after, long last) throws SQLException {
		return number(connection, sql("SELECT min(number) FROM ${archive} WHERE number > ? AND number <= ?"), after,
				last);
	}

	private long select(Connection connection, String name, ArchiveFilter filter, long from, long to, int limit,
			List<Row> rows) throws SQLException {
		StringBuilder sql = new StringBuilder(
				"SELECT number, " + EventRows.COLUMNS + " FROM ${archive} WHERE number >= ? AND number <= ?");
		List<Object> parameters = new ArrayList<>(List.of(from, to));
		add(sql, parameters, " AND event_key = ?", filter.key());
		add(sql, parameters, " AND event_type = ?", filter.eventType());
		if (filter.destination() != null) {
			add(sql, parameters, " AND transport = ?", filter.destination().transport());
			add(sql, parameters, " AND destination = ?", filter.destination().name());
		}
		add(sql, parameters, " AND archived_at >= ?", time(filter.from()));
		add(sql, parameters, " AND archived_at < ?", time(filter.until()));
		sql.append(" ORDER BY number").append(this.syntax.first("?"));
		parameters.add(limit);
		int found = 0;
		long last = to;
		EventRows reader = new EventRows(this.syntax.format());
		try (PreparedStatement statement = prepare(connection, sql(sql.toString()), parameters.toArray());
				ResultSet row = statement.executeQuery()) {
			while (row.next()) {
				found++;
				last = row.getLong(1);
				OutboxRecord event = reader.event(row, 2, null);
				if (!event.headers().containsKey(REPLAY_HEADER)) {
					rows.add(new Row(last, new NewEvent(marked(event, name), row.getInt(3), null)));
				}
			}
		}
		return (found == limit) ? last : to;
	}

	private @Nullable Object time(@Nullable Instant time) {
		return (time != null) ? this.syntax.parameter(time) : null;
	}

	private static void add(StringBuilder sql, List<Object> parameters, String condition, @Nullable Object value) {
		if (value != null) {
			sql.append(condition);
			parameters.add(value);
		}
	}

	private static OutboxRecord marked(OutboxRecord event, String name) {
		Map<String, Object> headers = new LinkedHashMap<>(event.headers());
		headers.put(REPLAY_HEADER, name);
		return new OutboxRecord(event.id(), event.key(), event.aggregateType(), event.aggregateId(), event.eventType(),
				event.eventVersion(), event.destination(), event.options(), event.contentType(), headers,
				event.payload(), event.createdAt());
	}

	/**
	 * Advances the replay first: whoever else does so waits for it.
	 * @return what was put back, empty if another caller was faster
	 */
	private Optional<Portion> put(Connection connection, String name, Progress progress, Found found,
			ArchiveFilter filter) throws SQLException {
		if (update(connection, sql("UPDATE ${replay} SET replayed_to = ? WHERE name = ? AND replayed_to = ?"),
				found.to(), name, progress.replayedTo()) == 0) {
			return Optional.empty();
		}
		List<NewEvent> events = new ArrayList<>();
		for (Row row : found.rows()) {
			if (copy(connection, row) == 1) {
				events.add(row.event());
			}
			else {
				LogFields.add(logger.atDebug(), row.event().event())
					.log("Event {} has left the archive before it was replayed", row.event().event().id());
			}
		}
		long count = progress.count() + events.size();
		long to = (count >= filter.limit()) ? progress.last() : found.to();
		update(connection, sql("UPDATE ${replay} SET event_count = ?, replayed_to = ? WHERE name = ?"), count, to,
				name);
		return Optional.of(new Portion(events, to >= progress.last()));
	}

	private int copy(Connection connection, Row row) throws SQLException {
		String headers = Objects.requireNonNull(this.json.write(row.event().event().headers()));
		Object text = this.syntax.format().longText(connection, headers);
		try {
			return update(connection, this.copy, text, row.number());
		}
		finally {
			PortableWork.free(text);
		}
	}

	private static int update(Connection connection, String sql, @Nullable Object... parameters) throws SQLException {
		try (PreparedStatement statement = prepare(connection, sql, parameters)) {
			return statement.executeUpdate();
		}
	}

	private static OptionalLong number(Connection connection, String sql, Object... parameters) throws SQLException {
		try (PreparedStatement statement = prepare(connection, sql, parameters);
				ResultSet row = statement.executeQuery()) {
			row.next();
			long number = row.getLong(1);
			return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(number);
		}
	}

	private static PreparedStatement prepare(Connection connection, String sql, @Nullable Object... parameters)
			throws SQLException {
		PreparedStatement statement = connection.prepareStatement(sql);
		for (int i = 0; i < parameters.length; i++) {
			statement.setObject(i + 1, parameters[i]);
		}
		return statement;
	}

	private record Progress(String filter, long replayedTo, long last, long count) {

		boolean isAtItsEnd() {
			return this.replayedTo >= this.last;
		}

	}

	private record Row(long number, NewEvent event) {

	}

	private record Found(List<Row> rows, long to) {

	}

}
