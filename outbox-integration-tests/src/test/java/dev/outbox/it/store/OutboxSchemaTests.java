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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.ArchivePartition;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.MissingSchemaException;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.PartitionCountException;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.UnusableSchemaException;
import dev.outbox.store.jdbc.postgres.PostgresDialect;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The tables are created once, and used only as they must be.
 */
class OutboxSchemaTests {

	private static final JdbcDialect DIALECT = new PostgresDialect();

	private static final TableNames TABLES = new TableNames("box", "outbox_");

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	@BeforeEach
	void newSchema() {
		database.sql("DROP SCHEMA IF EXISTS box CASCADE", "CREATE SCHEMA box");
	}

	@Test
	void theTablesAreCreatedOnceAndAreValid() {
		OutboxSchema schema = schema(TABLES);
		assertThat(schema.exists()).isFalse();
		assertThat(schema.create()).isOne();
		assertThat(schema.exists()).isTrue();
		assertThat(schema.create()).isZero();
		schema.validate(64);
		schema.validate(64);
		assertThat(database.query("SELECT name, value FROM box.outbox_setting ORDER BY name")).containsExactly(
				Map.of("name", "partitions", "value", "64"), Map.of("name", "schema.version", "value", "1"));
	}

	/**
	 * Not on the products themselves, of which there are no servers here: on a server
	 * that says that it is one.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			CockroachDB CCL v25.2.1 (x86_64-pc-linux-gnu)                  | advisory locks exclude nobody
			PostgreSQL 15.12-YB-2.25.1.0-b0 on x86_64-pc-linux-gnu         | sessions take numbers in advance
			""")
	void serversThatOnlySpeakLikePostgresAreRefused(String name, String reason) {
		ServerDisguise disguise = new ServerDisguise(database);
		try {
			disguise.pretend(name);
			OutboxSchema schema = schema(TABLES);
			assertThatExceptionOfType(UnusableSchemaException.class).isThrownBy(schema::create)
				.withMessageContaining(reason);
			assertThatExceptionOfType(UnusableSchemaException.class).isThrownBy(() -> schema.validate(64))
				.withMessageContaining("Use PostgreSQL 14 or newer");
			assertThatExceptionOfType(UnusableSchemaException.class).isThrownBy(schema::validateServer)
				.withMessageContaining(reason);
			assertThat(database.number("SELECT count(*) FROM pg_tables WHERE schemaname = 'box'")).isZero();
		}
		finally {
			disguise.takeOff();
		}
	}

	/**
	 * CREATE TABLE IF NOT EXISTS is not enough for that.
	 */
	@Test
	void fiftyPairsOfInstancesStartOnEmptySchemas() {
		for (int i = 0; i < 50; i++) {
			String name = "pair_" + i;
			database.sql("CREATE SCHEMA " + name);
			List<CompletableFuture<Integer>> pair = new ArrayList<>();
			for (int j = 0; j < 2; j++) {
				pair.add(CompletableFuture.supplyAsync(() -> {
					OutboxSchema schema = schema(new TableNames(name, "outbox_"));
					int created = schema.create();
					schema.validate(64);
					return created;
				}));
			}
			assertThat(pair.stream().mapToInt(CompletableFuture::join).sum()).isOne();
			database.sql("DROP SCHEMA " + name + " CASCADE");
		}
	}

	@ParameterizedTest
	@CsvSource({ "Box, OUTBOX_", "box, outbox_", "box, Mixed_Case_", "select, table", "_b0x, _" })
	void namesOfAnyCaseWork(String schemaName, String prefix) {
		database.sql("DROP SCHEMA IF EXISTS \"" + schemaName + "\" CASCADE", "CREATE SCHEMA \"" + schemaName + '"');
		TableNames tables = new TableNames(schemaName, prefix);
		OutboxSchema schema = schema(tables);
		schema.create();
		schema.validate(8);
		DIALECT.housekeepingStore(database.dataSource(), tables)
			.maintainArchive(Duration.ofDays(30), ArchivePartition.MONTH);
		assertThat(database.number("SELECT count(*) FROM pg_tables WHERE schemaname = ? AND starts_with(tablename, ?)",
				schemaName, prefix))
			.isEqualTo(14);
		DIALECT.housekeepingStore(database.dataSource(), tables)
			.maintainArchive(Duration.ofDays(30), ArchivePartition.DAY);
		assertThat(database.number("SELECT count(*) FROM pg_tables WHERE schemaname = ? AND starts_with(tablename, ?)",
				schemaName, prefix))
			.isEqualTo(17);
		LeaseStore leases = DIALECT.leaseStore(database.dataSource(), tables, 8);
		UUID instance = UUID.randomUUID();
		leases.join(instance, "test", Set.of("test"), Duration.ofMinutes(1));
		assertThat(leases.take(instance, "test", 100)).hasSize(8);
		assertThat(DIALECT.backlogStore(database.dataSource(), tables).measure(0).waiting()).isZero();
	}

	/**
	 * All that is created is checked for, and all that is checked for is created.
	 */
	@Test
	void everyColumnIsMissedWhenItIsGone() {
		OutboxSchema schema = schema(TABLES);
		schema.create();
		List<String> expected = database.query("""
				SELECT table_name || '.' || column_name AS name FROM information_schema.columns
				WHERE table_schema = 'box' AND table_name NOT IN ('outbox_setting', 'outbox_archive_default')""")
			.stream()
			.map((row) -> String.valueOf(row.get("name")))
			.toList();
		for (String column : expected) {
			String[] parts = column.split("\\.");
			database.sql("ALTER TABLE box." + parts[0] + " RENAME COLUMN " + parts[1] + " TO hidden");
			assertThatExceptionOfType(MissingSchemaException.class).isThrownBy(() -> schema.validate(64))
				.satisfies((ex) -> assertThat(ex.missing()).containsExactly(column));
			database.sql("ALTER TABLE box." + parts[0] + " RENAME COLUMN hidden TO " + parts[1]);
		}
		schema.validate(64);
	}

	@Test
	void missingTablesAreNamedWithTheSqlThatCreatesThem() {
		OutboxSchema schema = schema(TABLES);
		MissingSchemaException missing = catchMissing(schema);
		assertThat(missing.missing()).hasSize(13).contains("outbox_event", "outbox_setting");
		assertThat(missing).hasMessageContaining("outbox_event").hasMessageContaining("outbox.schema.mode");
		assertThat(schema.exists()).isFalse();
		database.sql("BEGIN; " + missing.sql() + "; COMMIT");
		schema.validate(64);
		database.sql("DROP TABLE box.outbox_archive");
		assertThat(catchMissing(schema).missing()).containsExactly("outbox_archive");
	}

	private static MissingSchemaException catchMissing(OutboxSchema schema) {
		return catchThrowableOfType(MissingSchemaException.class, () -> schema.validate(64));
	}

	@Test
	void aSchemaThatIsNotThereIsNamed() {
		OutboxSchema schema = schema(new TableNames("nowhere_at_all", "outbox_"));
		for (ThrowingCallable start : List.<ThrowingCallable>of(schema::create, () -> schema.validate(64))) {
			assertThatExceptionOfType(UnusableSchemaException.class).isThrownBy(start)
				.withMessageContaining("there is no schema 'nowhere_at_all', which outbox.store.schema names")
				.withMessageContaining("Nothing has been changed");
		}
	}

	@Test
	void anOlderVersionIsRefused() {
		OutboxSchema schema = schema(TABLES);
		schema.create();
		database.sql("UPDATE box.outbox_setting SET value = '0' WHERE name = 'schema.version'");
		assertThat(catchMissing(schema).missing()).containsExactly("V1__outbox.sql");
	}

	@Test
	void anotherNumberOfPartitionsIsRefused() {
		OutboxSchema schema = schema(TABLES);
		schema.create();
		schema.validate(64);
		assertThatExceptionOfType(PartitionCountException.class).isThrownBy(() -> schema.validate(32))
			.satisfies((ex) -> assertThat(ex.stored()).isEqualTo(64))
			.satisfies((ex) -> assertThat(ex.configured()).isEqualTo(32))
			.withMessageContaining("Set outbox.relay.partitions=64");
	}

	/**
	 * Rule 22: numbers taken in advance could change the order of a key, numbers taken
	 * twice would be taken for old ones.
	 */
	@Test
	void aSequenceThatCouldBreakTheOrderIsRefused() {
		OutboxSchema schema = schema(TABLES);
		schema.create();
		database.sql("ALTER SEQUENCE box.outbox_event_seq_seq CACHE 20");
		assertThatExceptionOfType(UnusableSchemaException.class).isThrownBy(() -> schema.validate(64))
			.withMessageContaining("CACHE 20");
		database.sql("ALTER SEQUENCE box.outbox_event_seq_seq CACHE 1");
		schema.validate(64);
		database.sql("""
				INSERT INTO box.outbox_event (seq, id, part, event_type, event_version, transport, destination,
					content_type, payload)
				OVERRIDING SYSTEM VALUE VALUES (1, gen_random_uuid(), 1, 't', 1, 'test', 'x', 'x', '')""");
		assertThatExceptionOfType(UnusableSchemaException.class).isThrownBy(() -> schema.validate(64))
			.withMessageContaining("stands at 0")
			.withMessageContaining("number 1");
		database.sql("SELECT setval('box.outbox_event_seq_seq', 1)");
		schema.validate(64);
	}

	/**
	 * After a dump and restore rows can carry numbers of transactions that the new server
	 * has not come to.
	 */
	@Test
	void rowsFromAnotherServerAreAdopted() {
		OutboxSchema schema = schema(TABLES);
		schema.create();
		for (String xid : List.of("1", "999999999999")) {
			database.sql("""
					INSERT INTO box.outbox_event (xid, id, part, event_type, event_version, transport, destination,
						content_type, payload)
					VALUES ('%s', gen_random_uuid(), 1, 't', 1, 'test', 'x', 'x', '')""".formatted(xid));
		}
		schema.validate(64);
		assertThat(database.number("SELECT count(*) FROM box.outbox_event WHERE xid < pg_current_xact_id()"))
			.isEqualTo(2);
		assertThat(database.number("SELECT count(*) FROM box.outbox_event WHERE xid = '1'")).isOne();
	}

	private static OutboxSchema schema(TableNames tables) {
		return new OutboxSchema(DIALECT, database.dataSource(), tables);
	}

}
