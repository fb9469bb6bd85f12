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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.Claim;
import dev.outbox.store.EventRef;
import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import dev.outbox.store.jdbc.EventWriter;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.OutboxSchema;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rights that the documentation lists suffice.
 */
class DatabaseRightsTests {

	private static final Pattern GRANTS = Pattern.compile("```sql\n(GRANT .*?)```", Pattern.DOTALL);

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private StoreHarness harness;

	@BeforeEach
	void grant() throws IOException {
		this.harness = new StoreHarness(database);
		for (String role : List.of("relay", "publisher")) {
			database.sql("""
					DO $$ BEGIN
						IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '%1$s') THEN
						CREATE ROLE %1$s LOGIN;
					END IF;
					END $$""".formatted(role));
		}
		Matcher grants = GRANTS.matcher(Files.readString(Path.of("..", "docs", "how-to", "schema.md")));
		int blocks = 0;
		for (; grants.find(); blocks++) {
			database.sql(grants.group(1));
		}
		assertThat(blocks).isEqualTo(2);
	}

	@Test
	void anInstanceThatDeliversMayDoAllThatItDoes() throws Exception {
		DataSource own = as("relay");
		write(own);
		JdbcDialect dialect = this.harness.dialect();
		UUID owner = UUID.randomUUID();
		LeaseStore leases = dialect.leaseStore(own, StoreHarness.TABLES, StoreHarness.PARTITIONS);
		leases.join(owner, Set.of("test"), Duration.ofMinutes(5));
		leases.take(owner, "test", StoreHarness.PARTITIONS);
		leases.renew(owner, Duration.ofMinutes(5));
		int part = StoreHarness.partition("a");
		Claim claim = new Claim(owner, "test", part, leases.observe(owner).owned().get("test").get(part));
		RelayStore relay = dialect.relayStore(own, StoreHarness.TABLES, false);
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
		assertThat(relay.deadLetter(claim, rows.get(0), "refused", true, true)).isTrue();
		relay.settle(rows.subList(1, 2));
		dialect.relayStore(own, StoreHarness.TABLES, true).settle(rows.subList(2, 3));
		assertThat(database.number("SELECT count(*) FROM outbox_event")).isZero();
		assertThat(dialect.deadLetterStore(own, StoreHarness.TABLES).list(0, 10)).hasSize(1);
		assertThat(dialect.backlogStore(own, StoreHarness.TABLES).measure(0)).isNotNull();
		for (Kept what : Kept.values()) {
			dialect.housekeepingStore(own, StoreHarness.TABLES).removeExpired(what, Duration.ofDays(1), 10);
		}
		leases.leave(owner);
	}

	@Test
	void anInstanceThatOnlyPublishesMayPublishAndMeasure() throws Exception {
		DataSource own = as("publisher");
		write(own);
		assertThat(this.harness.dialect().backlogStore(own, StoreHarness.TABLES).measure(0)).isNotNull();
		assertThat(database.number("SELECT count(*) FROM outbox_event")).isEqualTo(2);
		assertThat(database.number("SELECT count(*) FROM outbox_scheduled")).isOne();
	}

	private void write(DataSource own) throws Exception {
		JdbcDialect dialect = this.harness.dialect();
		new OutboxSchema(dialect, own, StoreHarness.TABLES).validate(StoreHarness.PARTITIONS);
		EventWriter writer = dialect.eventWriter(StoreHarness.TABLES, Duration.ofDays(7));
		NewEvent later = StoreHarness.event(StoreHarness.ORDERS, "a", new byte[1], Instant.now());
		try (Connection connection = own.getConnection()) {
			connection.setAutoCommit(false);
			writer.append(connection, List.of(StoreHarness.event("a", "1"), StoreHarness.event("a", "2")));
			writer.schedule(connection, List.of(later));
			assertThat(writer.claim(connection, "key-" + UUID.randomUUID(), UUID.randomUUID())).isEmpty();
			connection.commit();
		}
	}

	private static DataSource as(String role) {
		return new DriverManagerDataSource(database.jdbcUrl(), role, "");
	}

}
