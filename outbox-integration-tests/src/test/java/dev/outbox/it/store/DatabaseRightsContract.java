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

package dev.outbox.it.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.store.ArchiveFilter;
import dev.outbox.store.ArchivePartition;
import dev.outbox.store.Claim;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.ForwardStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Operator;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import dev.outbox.store.SharedBacklogStore;
import dev.outbox.store.jdbc.EventWriter;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The rights that the documentation lists suffice.
 */
abstract class DatabaseRightsContract {

	private static final Pattern GRANTS = Pattern.compile("```sql\n(GRANT .*?)```", Pattern.DOTALL);

	private static final List<String> USERS = List.of("migration", "relay", "publisher");

	private final TestDatabase<?> database;

	private final boolean postgres;

	private JdbcStoreHarness harness;

	DatabaseRightsContract(TestDatabase<?> database) {
		this.database = database;
		this.postgres = Product.of(database) == Product.POSTGRESQL;
	}

	@BeforeEach
	void grant() throws IOException {
		this.database.close();
		dropUsers();
		for (String user : USERS) {
			this.database.sql(this.postgres ? "CREATE ROLE " + user + " LOGIN" : "CREATE USER " + user);
		}
		List<String> grants = documented();
		this.database.sql(grants.get(0).replace("shop", '`' + this.database.name() + '`'));
		// Who creates the tables is not who uses them.
		new OutboxSchema(Product.of(this.database).dialect(), as("migration"), JdbcStoreHarness.TABLES).create();
		this.harness = new JdbcStoreHarness(this.database);
		this.database.sql(grants.get(1), grants.get(2));
	}

	private List<String> documented() throws IOException {
		String page = Files.readString(Path.of("..", "docs", "how-to", "schema.md"));
		int start = page.indexOf(this.postgres ? "### PostgreSQL" : "### MariaDB and MySQL");
		int end = page.indexOf("\n##", start + 3);
		List<String> grants = GRANTS.matcher(page.substring(start, end))
			.results()
			.map((block) -> block.group(1))
			.toList();
		assertThat(grants).hasSameSizeAs(USERS);
		return grants;
	}

	@AfterEach
	void dropUsers() {
		for (String user : USERS) {
			if (this.postgres && this.database.number("SELECT count(*) FROM pg_roles WHERE rolname = ?", user) > 0) {
				this.database.sql("DROP OWNED BY " + user + " CASCADE");
			}
			this.database.sql((this.postgres ? "DROP ROLE IF EXISTS " : "DROP USER IF EXISTS ") + user);
		}
	}

	@Test
	void nobodyButTheUserWhoMigratesMayCreateTables() {
		for (String user : List.of("relay", "publisher")) {
			OutboxSchema schema = new OutboxSchema(this.harness.dialect(), as(user), new TableNames(null, "more_"));
			Throwable refused = catchThrowable(schema::create);
			assertThat(schema.isForbidden(refused)).as(user).isTrue();
		}
	}

	@Test
	void anInstanceThatDeliversMayDoAllThatItDoes() throws Exception {
		DataSource own = as("relay");
		write(own);
		JdbcDialect dialect = this.harness.dialect();
		UUID owner = UUID.randomUUID();
		LeaseStore leases = dialect.leaseStore(own, JdbcStoreHarness.TABLES, DatabaseHarness.PARTITIONS);
		leases.join(owner, "test", Set.of("test"), Duration.ofMinutes(5));
		leases.take(owner, "test", DatabaseHarness.PARTITIONS);
		leases.renew(owner, Duration.ofMinutes(5));
		int part = DatabaseHarness.partition("a");
		Claim claim = new Claim(owner, "test", part, leases.observe(owner).owned().get("test").get(part));
		RelayStore relay = dialect.relayStore(own, JdbcStoreHarness.TABLES, false);
		relay.moveDue(owner, "test", Set.of(part), 10);
		List<EventRef> rows = relay
			.read(new ReadRequest(new ReadScope("test", Set.of(part), Set.of(), null), relay.start(), Long.MAX_VALUE,
					10, 1000))
			.events()
			.stream()
			.map((row) -> row.ref())
			.toList();
		assertThat(rows).hasSize(3);
		assertThat(relay.recordFailure(claim, rows.get(0), "refused", Duration.ZERO)).isTrue();
		assertThat(relay.recordCarefulSend(claim, rows.get(0))).isTrue();
		assertThat(relay.deadLetter(claim, rows.get(0),
				new GivenUp("refused", "0123456789abcdef", null, true, true, false)))
			.isTrue();
		relay.settle(rows.subList(1, 2));
		dialect.relayStore(own, JdbcStoreHarness.TABLES, true).settle(rows.subList(2, 3));
		assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isZero();
		assertThat(dialect.deadLetterStore(own, JdbcStoreHarness.TABLES).list(DeadLetterFilter.all(), 0, 10))
			.hasSize(1);
		measure(own);
		for (Kept what : Kept.values()) {
			dialect.housekeepingStore(own, JdbcStoreHarness.TABLES).removeExpired(what, Duration.ofDays(1), 10);
		}
		dialect.housekeepingStore(own, JdbcStoreHarness.TABLES)
			.maintainArchive(Duration.ofDays(1), ArchivePartition.DAY);
		assertThat(dialect.archiveStore(own, JdbcStoreHarness.TABLES).replay("again", ArchiveFilter.all(), 10).events())
			.hasSize(1);
		HoldStore holds = dialect.holdStore(own, JdbcStoreHarness.TABLES);
		assertThat(holds.pause(DatabaseHarness.ORDERS, new Operator("test"))).isTrue();
		assertThat(holds.resume(DatabaseHarness.ORDERS, new Operator("test"))).isTrue();
		operate(dialect, own);
		leases.leave(owner);
	}

	private static void operate(JdbcDialect dialect, DataSource own) {
		DeadLetterStore letters = dialect.deadLetterStore(own, JdbcStoreHarness.TABLES);
		assertThat(dialect.clusterStore(own, JdbcStoreHarness.TABLES).observe(10).blockedKeys()).hasSize(1);
		long number = letters.list(DeadLetterFilter.all(), 0, 10).get(0).number();
		ForwardStore forwards = dialect.forwardStore(own, JdbcStoreHarness.TABLES);
		assertThat(forwards.take(10, Duration.ofHours(1))).isEmpty();
		forwards.done(number);
		assertThat(letters.replay(number, new Operator("test"))).isTrue();
		assertThat(dialect.auditStore(own, JdbcStoreHarness.TABLES).list(Long.MAX_VALUE, 10)).hasSize(3);
	}

	@Test
	void anInstanceThatOnlyPublishesMayPublishAndMeasure() throws Exception {
		DataSource own = as("publisher");
		write(own);
		measure(own);
		assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isEqualTo(2);
		assertThat(this.database.number("SELECT count(*) FROM outbox_scheduled")).isOne();
	}

	private void measure(DataSource own) {
		JdbcDialect dialect = this.harness.dialect();
		SharedBacklogStore shared = dialect.sharedBacklogStore(own, JdbcStoreHarness.TABLES);
		assertThat(shared.claim(Duration.ofMinutes(1))).isTrue();
		shared.write(dialect.backlogStore(own, JdbcStoreHarness.TABLES).measure(0));
		assertThat(shared.read()).isPresent();
	}

	private void write(DataSource own) throws Exception {
		JdbcDialect dialect = this.harness.dialect();
		new OutboxSchema(dialect, own, JdbcStoreHarness.TABLES).validate(DatabaseHarness.PARTITIONS);
		EventWriter writer = dialect.eventWriter(JdbcStoreHarness.TABLES, Duration.ofDays(7));
		NewEvent later = DatabaseHarness.event(DatabaseHarness.ORDERS, "a", new byte[1], Instant.now());
		try (Connection connection = own.getConnection()) {
			connection.setAutoCommit(false);
			writer.append(connection, List.of(DatabaseHarness.event("a", "1"), DatabaseHarness.event("a", "2")));
			writer.schedule(connection, List.of(later));
			assertThat(writer.claim(connection, "key-" + UUID.randomUUID(), UUID.randomUUID())).isEmpty();
			connection.commit();
		}
	}

	private DataSource as(String role) {
		return new DriverManagerDataSource(this.database.jdbcUrl(), role, "");
	}

}
