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

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.store.Claim;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.GivenUp;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.Operator;
import dev.outbox.store.PositionLostException;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.UnusableSchemaException;
import dev.outbox.store.jdbc.h2.H2Dialect;
import dev.outbox.test.contract.Scan;
import org.flywaydb.core.Flyway;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * The tables on H2, in each of its modes.
 */
class H2SchemaTests extends SchemaContract {

	private static final JdbcDialect DIALECT = new H2Dialect();

	@RegisterExtension
	static H2Database database = H2Database.fresh();

	H2SchemaTests() {
		super(database);
	}

	@Override
	TableNames elsewhere(String schema, String prefix) {
		database.sql("CREATE SCHEMA \"" + schema + '"');
		return new TableNames(schema, prefix);
	}

	@Override
	List<Map<String, Object>> columns() {
		return database.query("""
				SELECT table_name AS t, column_name AS c FROM information_schema.columns
				WHERE table_schema = 'public' AND table_name <> 'outbox_setting'""");
	}

	@Override
	String rename(String table, String column, String name) {
		return "ALTER TABLE " + table + " ALTER COLUMN " + column + " RENAME TO " + name;
	}

	@Override
	String value() {
		return "\"VALUE\"";
	}

	/**
	 * A mode changes what a statement means; some settings, what names and texts are the
	 * same.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "MODE=REGULAR", "MODE=PostgreSQL", "MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE",
			"MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH", "MODE=MySQL",
			"MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE", "MODE=MariaDB", "MODE=MSSQLServer",
			"MODE=Oracle", "MODE=DB2", "MODE=Derby", "MODE=HSQLDB", "MODE=LEGACY", "MODE=STRICT",
			"DATABASE_TO_UPPER=FALSE", "IGNORECASE=TRUE", "NON_KEYWORDS=VALUE" })
	void everyModeWorks(String settings) {
		try (H2Pool pool = new H2Pool("jdbc:h2:mem:modes;" + settings)) {
			useEverything(pool.dataSource());
		}
	}

	@Test
	void aDatabaseInAFileWorksAlsoWhenItIsOpenedAgain(@TempDir Path directory) {
		String url = "jdbc:h2:file:" + directory.resolve("shop");
		try (H2Pool pool = new H2Pool(url)) {
			useEverything(pool.dataSource());
		}
		try (H2Pool pool = new H2Pool(url)) {
			assertThat(new OutboxSchema(DIALECT, pool.dataSource(), TABLES).create()).isZero();
			useEverything(pool.dataSource());
		}
	}

	private static void useEverything(DataSource dataSource) {
		OutboxSchema schema = new OutboxSchema(DIALECT, dataSource, TABLES);
		schema.create();
		schema.validate(64);
		LeaseStore leases = DIALECT.leaseStore(dataSource, TABLES, 64);
		UUID owner = UUID.randomUUID();
		leases.join(owner, "test", Set.of("test"), Duration.ofMinutes(1));
		assertThat(leases.renew(owner, Duration.ofMinutes(1))).isTrue();
		assertThat(leases.take(owner, "test", 64)).hasSize(64);
		int part = DatabaseHarness.partition("a");
		Claim claim = new Claim(owner, "test", part, leases.observe(owner).owned().get("test").get(part));
		try (JdbcTransaction transaction = new JdbcTransaction(dataSource,
				DIALECT.eventWriter(TABLES, Duration.ofDays(1)))) {
			transaction.insert("a", "1").insert("A", "2").insert("a", "3");
			NewEvent later = DatabaseHarness.event(DatabaseHarness.ORDERS, "a", new byte[] { '4' }, Instant.EPOCH);
			DIALECT.eventWriter(TABLES, Duration.ofDays(1)).schedule(transaction.connection(), List.of(later));
			DIALECT.eventWriter(TABLES, Duration.ofDays(1)).claim(transaction.connection(), "once", owner);
			transaction.commit();
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
		RelayStore relay = DIALECT.relayStore(dataSource, TABLES, true);
		assertThat(relay.moveDue(owner, "test", Set.of(part), 10).moved()).isOne();
		Set<Integer> all = IntStream.range(0, 64).boxed().collect(Collectors.toSet());
		Scan scan = new Scan(relay, new ReadScope("test", all, Set.of(), null));
		var rows = scan.step(Long.MAX_VALUE, 10, Long.MAX_VALUE).events();
		assertThat(rows).extracting(Scan::payload).containsExactly("1", "2", "3", "4");
		assertThat(relay.recordFailure(claim, rows.get(0).ref(), "no", Duration.ofMinutes(1))).isTrue();
		assertThat(relay.deadLetter(claim, rows.get(0).ref(),
				new GivenUp("no", "0123456789abcdef", null, true, true, false)))
			.isTrue();
		assertThat(leases.observe(owner).blockedKeys()).hasSize(1);
		long dead = DIALECT.deadLetterStore(dataSource, TABLES).list(DeadLetterFilter.all(), 0, 10).get(0).number();
		assertThat(DIALECT.deadLetterStore(dataSource, TABLES).replay(dead, new Operator("test"))).isTrue();
		assertThat(scan.poll()).containsExactly("1");
		relay.settle(rows.stream().map((row) -> row.ref()).toList());
		assertThat(DIALECT.backlogStore(dataSource, TABLES).measure(0).waiting()).isZero();
		leases.leave(owner);
	}

	/**
	 * Numbers may be given out again: see the documentation of H2 on durability.
	 */
	@Test
	void aScanThatGoesOnAfterTheDatabaseWasOpenedAgainIsToldSo(@TempDir Path directory) {
		String url = "jdbc:h2:file:" + directory.resolve("shop");
		Set<Integer> all = IntStream.range(0, 64).boxed().collect(Collectors.toSet());
		Scan scan;
		try (H2Pool pool = new H2Pool(url)) {
			new OutboxSchema(DIALECT, pool.dataSource(), TABLES).create();
			scan = new Scan(DIALECT.relayStore(pool.dataSource(), TABLES, false),
					new ReadScope("test", all, Set.of(), null));
			assertThat(scan.poll()).isEmpty();
			assertThat(scan.poll()).isEmpty();
		}
		try (H2Pool pool = new H2Pool(url)) {
			Scan resumed = new Scan(DIALECT.relayStore(pool.dataSource(), TABLES, false),
					new ReadScope("test", all, Set.of(), null));
			resumed.position(scan.position());
			assertThatExceptionOfType(PositionLostException.class).isThrownBy(resumed::poll);
			resumed.position(DIALECT.relayStore(pool.dataSource(), TABLES, false).start());
			assertThat(resumed.poll()).isEmpty();
		}
	}

	@Test
	void aDatabaseInMemoryWithoutANameIsRefused() {
		try (H2Pool pool = new H2Pool("jdbc:h2:mem:")) {
			OutboxSchema schema = new OutboxSchema(DIALECT, pool.dataSource(), TABLES);
			assertThatExceptionOfType(UnusableSchemaException.class).isThrownBy(() -> schema.validate(64))
				.withMessageContaining("another one for each connection")
				.withMessageContaining("jdbc:h2:mem:name");
		}
	}

	@Test
	void aCollationThatTakesKeysForTheSameIsRefused() {
		try (H2Pool pool = new H2Pool("jdbc:h2:mem:collation;COLLATION=ENGLISH STRENGTH PRIMARY")) {
			OutboxSchema schema = new OutboxSchema(DIALECT, pool.dataSource(), TABLES);
			assertThatExceptionOfType(UnusableSchemaException.class).isThrownBy(() -> schema.validate(64))
				.withMessageContaining("takes keys for the same that differ");
		}
	}

	@Test
	void whatAUserMayNotCreateIsSaidToBeForbidden() {
		database.sql("CREATE USER reader PASSWORD 'secret'");
		JdbcConnectionPool reader = JdbcConnectionPool.create(database.jdbcUrl(), "reader", "secret");
		OutboxSchema schema = new OutboxSchema(DIALECT, reader, TABLES);
		Throwable refused = catchThrowable(schema::create);
		assertThat(refused).isNotNull();
		assertThat(schema.isForbidden(refused)).isTrue();
		reader.dispose();
	}

	/**
	 * The private Flyway history runs the same files.
	 */
	@Test
	void flywayCreatesTheTables() {
		TableNames flown = elsewhere("flown", "outbox_");
		Flyway.configure()
			.dataSource(database.dataSource())
			.locations("classpath:" + OutboxSchema.location(DIALECT))
			.schemas("flown")
			.defaultSchema("flown")
			.table("outbox_schema_history")
			.baselineOnMigrate(true)
			.baselineVersion("0")
			.placeholders(Map.of("prefix", "outbox_"))
			.load()
			.migrate();
		schema(flown).validate(64);
		assertThat(schema(flown).create()).isZero();
	}

	/**
	 * A database that is closed with its pool.
	 */
	private static final class H2Pool implements AutoCloseable {

		private final JdbcConnectionPool pool;

		H2Pool(String url) {
			this.pool = JdbcConnectionPool.create(url + (url.contains("mem:") ? ";DB_CLOSE_DELAY=-1" : ""), "sa", "");
		}

		DataSource dataSource() {
			return this.pool;
		}

		@Override
		public void close() {
			try (Connection connection = this.pool.getConnection();
					Statement statement = connection.createStatement()) {
				statement.execute("SHUTDOWN");
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
			this.pool.dispose();
		}

	}

}
