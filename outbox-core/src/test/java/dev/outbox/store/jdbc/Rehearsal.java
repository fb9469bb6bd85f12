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

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import javax.sql.DataSource;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.store.ArchiveFilter;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.AuditAction;
import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.Claim;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.EventRef;
import dev.outbox.store.ForwardStore;
import dev.outbox.store.GivenUp;
import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.store.KeyRead;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Operator;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import dev.outbox.store.SharedBacklogStore;
import dev.outbox.store.jdbc.Gaps.Gap;

/**
 * Lets the stores of a database do all that they can do before a server that only nods:
 * each query finds one row, each change hits one. Tells what they have said, and whether
 * they have set all parameters.
 */
final class Rehearsal {

	private static final Destination DESTINATION = new Destination("1", "1");

	private static final ArchiveFilter FILTER = new ArchiveFilter("k", "e", DESTINATION, Instant.EPOCH,
			Instant.EPOCH.plusSeconds(1), 10);

	private static final DeadLetterFilter ALL_FIELDS = new DeadLetterFilter("e", "k", "1", "1", "error",
			"0123456789abcdef", Instant.EPOCH, Instant.EPOCH.plusSeconds(1), 1);

	private final PortableDialect dialect;

	private final TableNames tables;

	private final Set<String> statements = new LinkedHashSet<>();

	private final List<String> mistakes = new ArrayList<>();

	private int mostParameters;

	/**
	 * The number that all columns have.
	 */
	private long number = 5;

	/**
	 * How many rows a change hits.
	 */
	private int changed = 1;

	/**
	 * The id that was set last, which all rows have.
	 */
	private byte[] id = new byte[16];

	private Rehearsal(PortableDialect dialect, TableNames tables) {
		this.dialect = dialect;
		this.tables = tables;
	}

	static Rehearsal of(PortableDialect dialect, TableNames tables) throws Exception {
		Rehearsal rehearsal = new Rehearsal(dialect, tables);
		rehearsal.write();
		rehearsal.relay();
		rehearsal.operate();
		rehearsal.prepareSchema();
		return rehearsal;
	}

	Set<String> statements() {
		return this.statements;
	}

	List<String> mistakes() {
		return this.mistakes;
	}

	int mostParameters() {
		return this.mostParameters;
	}

	private void write() throws Exception {
		EventWriter writer = this.dialect.eventWriter(this.tables, Duration.ofDays(7));
		for (int count : new int[] { 1, 2, 200 }) {
			writer.append(connection(), events(count, null));
			writer.schedule(connection(), events(count, Instant.EPOCH));
		}
		writer.claim(connection(), "key", UUID.randomUUID());
	}

	private static List<NewEvent> events(int count, Instant due) {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "k", "t", "i", "e", 1, DESTINATION, Map.of(), "c",
				Map.of(), new byte[1], Instant.EPOCH);
		return java.util.Collections.nCopies(count, new NewEvent(event, 1, due));
	}

	private void relay() {
		RelayStore store = this.dialect.relayStore(dataSource(), this.tables, true);
		ReadScope scope = new ReadScope("1", Set.of(5), Set.of(), null);
		ReadResult first = store.read(new ReadRequest(scope, store.start(), Long.MAX_VALUE, 10, 1000));
		store.read(new ReadRequest(scope, first.next(), Long.MAX_VALUE, 10, 1000));
		PortableWork work = new PortableWork(dataSource(), this.tables, this.dialect);
		for (int count : new int[] { 1, 2, 600 }) {
			List<Gap> gaps = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				Gap gap = Gap.passed(10 * i + 1, 10 * i + 2, 0);
				gaps.add((i % 2 == 0) ? gap.foundEmpty(1) : gap);
			}
			new GapLook(work).atAll(new Gaps(gaps), Duration.ofMinutes(2).toNanos());
			store.read(new ReadRequest(scope, new GapPosition(10_000, new Gaps(gaps), Long.MAX_VALUE, Set.of(), 1, 0),
					Long.MAX_VALUE, 10, 1000));
		}
		store.readKey(new KeyRead(1, "k", DESTINATION, 1, 10, 1000));
		store.readKey(new KeyRead(1, null, DESTINATION, 1, 10, 1000));
		EventRef row = new EventRef(1, UUID.randomUUID());
		store.payloads(List.of(row));
		List<EventRef> many = new ArrayList<>();
		for (int i = 1; i <= 2000; i++) {
			many.add(new EventRef(i, row.id()));
		}
		store.settle(List.of(row));
		store.settle(many);
		Claim claim = new Claim(row.id(), "1", 1, 1);
		store.recordFailure(claim, row, "error", Duration.ofDays(30));
		store.recordCarefulSend(claim, row);
		store.deadLetter(claim, row, new GivenUp("error", "0123456789abcdef", "at x", true, true, true));
		this.changed = 0;
		store.deadLetter(claim, row, new GivenUp("error", "0123456789abcdef", null, false, true, false));
		this.changed = 1;
		store.moveDue(row.id(), "1", Set.of(5), 10);
		LeaseStore leases = this.dialect.leaseStore(dataSource(), this.tables, 64);
		leases.join(row.id(), "test", Set.of("1"), Duration.ofSeconds(1));
		leases.renew(row.id(), Duration.ofSeconds(1));
		leases.observe(row.id());
		leases.take(row.id(), "1", 10);
		leases.release(row.id(), "1", Set.of(1));
		leases.leave(row.id());
	}

	private void operate() {
		DeadLetterStore letters = this.dialect.deadLetterStore(dataSource(), this.tables);
		letters.list(DeadLetterFilter.all(), 0, 10);
		letters.list(ALL_FIELDS, 0, 10);
		letters.groups(DeadLetterFilter.all(), 10);
		letters.groups(ALL_FIELDS, 10);
		letters.find(1);
		letters.lastNumber();
		letters.find(UUID.randomUUID());
		letters.replay(1, new Operator("test"));
		letters.discard(1, new Operator("test"));
		letters.replace(1, events(1, null).get(0).event(), new Operator("test"));
		ForwardStore forwards = this.dialect.forwardStore(dataSource(), this.tables);
		forwards.take(10, Duration.ofMinutes(1));
		forwards.again(1, Duration.ofMinutes(1), true);
		forwards.done(1);
		this.dialect.auditStore(dataSource(), this.tables).list(10, 10);
		SharedBacklogStore shared = this.dialect.sharedBacklogStore(dataSource(), this.tables);
		shared.read();
		shared.claim(Duration.ofSeconds(10));
		shared.write(new Backlog(1, Duration.ZERO, 0, 0));
		this.dialect.clusterStore(dataSource(), this.tables).observe(10);
		ArchiveStore archive = this.dialect.archiveStore(dataSource(), this.tables);
		archive.isEmpty();
		archive.replay("1", FILTER, 10);
		this.dialect.holdStore(dataSource(), this.tables).pause(DESTINATION, new Operator("test"));
		this.dialect.holdStore(dataSource(), this.tables).resume(DESTINATION, new Operator("test"));
		this.dialect.holdStore(dataSource(), this.tables).unblock(DESTINATION, "k", new Operator("test"));
		for (Kept kept : Kept.values()) {
			this.dialect.housekeepingStore(dataSource(), this.tables).removeExpired(kept, Duration.ofDays(90), 10);
		}
		this.number = 20_000;
		BacklogStore backlog = this.dialect.backlogStore(dataSource(), this.tables);
		backlog.measure(0);
	}

	private void prepareSchema() throws Exception {
		this.number = 1;
		this.dialect.lockSchema(connection(), this.tables);
		this.dialect.problem(connection(), this.tables);
		new OutboxSchema(this.dialect, dataSource(), this.tables).create();
		this.statements.add(this.dialect.sql(this.tables, this.dialect.insertSetting()));
		this.statements.add(this.dialect.sql(this.tables, this.dialect.selectSetting()));
	}

	private DataSource dataSource() {
		return proxy(DataSource.class, (proxy, method, arguments) -> connection());
	}

	private Connection connection() {
		return proxy(Connection.class, (proxy, method, arguments) -> switch (method.getName()) {
			case "prepareStatement", "prepareCall" -> statement((String) arguments[0]);
			case "createStatement" -> statement("");
			case "unwrap" -> proxy;
			case "getAutoCommit" -> true;
			case "getTransactionIsolation" -> Connection.TRANSACTION_READ_COMMITTED;
			case "getMetaData" -> proxy(DatabaseMetaData.class, (data, asked, with) -> switch (asked.getName()) {
				case "getDatabaseMajorVersion" -> 99;
				case "getColumns" -> nothing();
				case "getSchemas" -> proxy(ResultSet.class, (row, column, of) -> switch (column.getName()) {
					case "next" -> true;
					case "getString" -> this.tables.schema();
					default -> null;
				});
				case "getSearchStringEscape" -> "\\";
				default -> (asked.getReturnType() == boolean.class) ? true : null;
			});
			case "hashCode" -> System.identityHashCode(proxy);
			case "equals" -> proxy == arguments[0];
			default -> null;
		});
	}

	private CallableStatement statement(String sql) {
		Set<Object> set = new TreeSet<>();
		Map<Object, Object> parameters = new HashMap<>();
		return proxy(CallableStatement.class, (proxy, method, arguments) -> {
			String name = method.getName();
			if (!name.equals("setQueryTimeout") && (name.startsWith("set") || name.startsWith("register"))) {
				set.add(arguments[0]);
				parameters.put(arguments[0], arguments[1]);
				if (arguments[1] instanceof byte[] bytes && bytes.length == 16) {
					this.id = bytes;
				}
				return null;
			}
			if (name.startsWith("execute")) {
				said((arguments != null) ? (String) arguments[0] : sql, set);
			}
			return switch (name) {
				case "execute" -> true;
				case "executeQuery" ->
					sql.startsWith("SELECT selection") ? begunReplay() : sql.contains("all_tab_columns") ? nothing()
							: row(sql.contains(" operator, action,") ? AuditAction.RETRY.name() : "1");
				case "executeUpdate" -> this.changed;
				case "getInt" -> 0;
				default -> null;
			};
		});
	}

	private void said(String sql, Set<Object> set) {
		long marks = sql.replaceAll("'[^']*'", "").chars().filter((c) -> c == '?').count();
		if (marks != set.size()) {
			this.mistakes.add(set.size() + " parameters for: " + sql);
		}
		this.mostParameters = Math.max(this.mostParameters, set.size());
		this.statements.add(sql);
	}

	private ResultSet row(String text) {
		boolean[] seen = { false };
		return proxy(ResultSet.class, (proxy, method, arguments) -> switch (method.getName()) {
			case "next" -> {
				boolean first = !seen[0];
				seen[0] = true;
				yield first;
			}
			case "getInt" -> ((int) arguments[0] == 5) ? 1 : (int) this.number;
			case "getLong" -> this.number;
			case "getString" -> text;
			case "getBytes" -> this.id;
			case "getBoolean" -> true;
			case "wasNull" -> false;
			case "getObject" -> (arguments.length == 1) ? (Object) this.number : LocalDateTime.MIN.withYear(2026);
			default -> null;
		});
	}

	/**
	 * All columns but the first have their positions.
	 */
	private static ResultSet begunReplay() {
		return proxy(ResultSet.class, (proxy, method, arguments) -> switch (method.getName()) {
			case "next" -> true;
			case "getString" -> FILTER.toString();
			case "getLong" -> (long) (int) arguments[0];
			default -> null;
		});
	}

	private static ResultSet nothing() {
		return proxy(ResultSet.class, (proxy, method, arguments) -> method.getName().equals("next") ? false : null);
	}

	private static <T> T proxy(Class<T> type, InvocationHandler handler) {
		return type.cast(Proxy.newProxyInstance(Rehearsal.class.getClassLoader(), new Class<?>[] { type }, handler));
	}

}
