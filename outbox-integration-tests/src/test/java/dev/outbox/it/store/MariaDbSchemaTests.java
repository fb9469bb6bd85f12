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

import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import dev.outbox.fixtures.mariadb.MariaDbDatabase;
import dev.outbox.fixtures.mariadb.MariaDbServer;
import dev.outbox.fixtures.mariadb.MariaDbSettings;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.MissingSchemaException;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.PartitionCountException;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.UnusableSchemaException;
import dev.outbox.store.jdbc.mysql.MariaDbDialect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The tables on MariaDB are created once, and used only as they must be. A schema is a
 * database there.
 */
class MariaDbSchemaTests {

	private static final JdbcDialect DIALECT = new MariaDbDialect();

	private static final TableNames TABLES = new TableNames(null, "outbox_");

	@RegisterExtension
	static MariaDbDatabase database = MariaDbDatabase.fresh();

	private final List<String> others = new ArrayList<>();

	@BeforeEach
	void newDatabase() {
		database.close();
	}

	@AfterEach
	void dropOthers() {
		this.others.forEach((name) -> database.sql("DROP DATABASE IF EXISTS `" + name + '`'));
	}

	private String create(String name) {
		this.others.add(name);
		database.sql("DROP DATABASE IF EXISTS `" + name + '`', "CREATE DATABASE `" + name + '`');
		return name;
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
		assertThat(database.query("SELECT name, value FROM outbox_setting WHERE value <> '' ORDER BY name"))
			.containsExactly(Map.of("name", "partitions", "value", "64"),
					Map.of("name", "schema.version", "value", "1"));
	}

	/**
	 * No statement that creates a table can be taken back.
	 */
	@Test
	void whatWasBegunIsCompleted() {
		OutboxSchema schema = schema(TABLES);
		schema.create();
		database.sql("DROP TABLE outbox_setting", "DROP TABLE outbox_destination_state");
		MissingSchemaException missing = catchMissing(schema);
		assertThat(missing.missing()).containsExactly("outbox_destination_state", "outbox_setting");
		assertThat(missing).hasMessageContaining("outbox.schema.mode");
		database.sql(DIALECT.statements(missing.sql()).toArray(String[]::new));
		schema.validate(64);
	}

	/**
	 * What is not complete may be somebody else's.
	 */
	@Test
	void whatWasBegunIsCompletedByTheNextStartUnlessATableIsNotAsItShouldBe() {
		OutboxSchema schema = schema(TABLES);
		assertThat(schema.isUnfinished()).isFalse();
		schema.create();
		assertThat(schema.isUnfinished()).isFalse();
		database.sql("DROP TABLE outbox_setting", "DROP TABLE outbox_destination_state");
		assertThat(schema.isUnfinished()).isTrue();
		assertThat(schema.create()).isOne();
		schema.validate(64);
		database.sql("DELETE FROM outbox_setting");
		assertThat(schema.isUnfinished()).isTrue();
		assertThat(schema.create()).isOne();
		schema.validate(64);
		database.sql("DROP TABLE outbox_setting", "ALTER TABLE outbox_event DROP COLUMN crashes");
		assertThat(schema.isUnfinished()).isFalse();
		assertThatExceptionOfType(MissingSchemaException.class).isThrownBy(schema::create)
			.satisfies((ex) -> assertThat(ex.missing()).containsExactly("outbox_event.crashes", "outbox_setting"));
	}

	@Test
	void twentyPairsOfInstancesStartOnEmptyDatabases() {
		for (int i = 0; i < 20; i++) {
			TableNames tables = new TableNames(create(database.name() + "_" + i), "outbox_");
			List<CompletableFuture<Integer>> pair = new ArrayList<>();
			for (int j = 0; j < 2; j++) {
				pair.add(CompletableFuture.supplyAsync(() -> {
					OutboxSchema schema = schema(tables);
					int created = schema.create();
					schema.validate(64);
					return created;
				}));
			}
			assertThat(pair.stream().mapToInt(CompletableFuture::join).sum()).isOne();
		}
	}

	@ParameterizedTest
	@CsvSource({ "Box, OUTBOX_", "box, outbox_", "box, Mixed_Case_", "select, group", "order_, order_", "group, table",
			"_b0x, _" })
	void namesOfAnyCaseWork(String schemaName, String prefix) {
		TableNames tables = new TableNames(create(schemaName), prefix);
		OutboxSchema schema = schema(tables);
		assertThat(schema.exists()).isFalse();
		schema.create();
		schema.validate(8);
		assertThat(database.number("SELECT count(*) FROM information_schema.tables WHERE table_schema = ?"
				+ " AND left(table_name, ?) = ?", schemaName, prefix.length(), prefix))
			.isEqualTo(11);
		assertThat(schema(new TableNames(null, prefix)).exists()).isFalse();
		LeaseStore leases = DIALECT.leaseStore(database.dataSource(), tables, 8);
		UUID instance = UUID.randomUUID();
		leases.join(instance, Set.of("test"), Duration.ofMinutes(1));
		assertThat(leases.take(instance, "test", 100)).hasSize(8);
		assertThat(DIALECT.backlogStore(database.dataSource(), tables).measure(0).waiting()).isZero();
		try (StoreHarness.Transaction transaction = new StoreHarness.Transaction(database.dataSource(),
				DIALECT.eventWriter(tables, Duration.ofDays(1)))) {
			transaction.insert("a", "1").commit();
		}
		assertThat(DIALECT.backlogStore(database.dataSource(), tables).measure(0).waiting()).isOne();
	}

	/**
	 * A pool gives the connection to the application afterwards.
	 */
	@Test
	void theConnectionStaysInTheDatabaseOfTheApplication() throws Exception {
		try (Connection connection = database.dataSource().getConnection()) {
			DataSource one = new SingleConnectionDataSource(connection, true);
			new OutboxSchema(DIALECT, one, new TableNames(create(database.name() + "_own"), "outbox_")).create();
			assertThat(connection.getCatalog()).isEqualTo(database.name());
		}
	}

	/**
	 * All that is created is checked for, and all that is checked for is created.
	 */
	@Test
	void everyColumnIsMissedWhenItIsGone() {
		OutboxSchema schema = schema(TABLES);
		schema.create();
		List<Map<String, Object>> columns = database.query("""
				SELECT table_name AS t, column_name AS c, column_type AS type FROM information_schema.columns
				WHERE table_schema = ? AND table_name <> 'outbox_setting'""", database.name());
		assertThat(columns).hasSizeGreaterThan(80);
		for (Map<String, Object> column : columns) {
			String table = "ALTER TABLE " + column.get("t");
			database.sql(table + " RENAME COLUMN " + column.get("c") + " TO hidden");
			assertThatExceptionOfType(MissingSchemaException.class).isThrownBy(() -> schema.validate(64))
				.satisfies((ex) -> assertThat(ex.missing()).containsExactly(column.get("t") + "." + column.get("c")));
			database.sql(table + " RENAME COLUMN hidden TO " + column.get("c"));
		}
		schema.validate(64);
	}

	@Test
	void missingTablesAreNamedWithTheSqlThatCreatesThem() {
		TableNames tables = new TableNames(create(database.name() + "_box"), "outbox_");
		OutboxSchema schema = schema(tables);
		MissingSchemaException missing = catchMissing(schema);
		assertThat(missing.missing()).hasSize(11).contains("outbox_event", "outbox_setting");
		assertThat(schema.exists()).isFalse();
		database.sql(missing.sql());
		schema.validate(64);
		assertThat(schema(TABLES).exists()).isFalse();
		database.sql("DROP TABLE `" + tables.schema() + "`.outbox_archive");
		assertThat(catchMissing(schema).missing()).containsExactly("outbox_archive");
	}

	@Test
	void anOlderVersionIsRefused() {
		OutboxSchema schema = schema(TABLES);
		schema.create();
		database.sql("UPDATE outbox_setting SET value = '0' WHERE name = 'schema.version'");
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
	 * Whether the user may read or not even see the database.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "", "SELECT", "SELECT, INSERT, UPDATE, DELETE" })
	void whatAUserMayNotCreateIsSaidToBeForbidden(String rights) {
		database.sql("DROP USER IF EXISTS reader", "CREATE USER reader IDENTIFIED BY 'secret'");
		database.sql("GRANT SELECT ON `" + create(database.name() + "_home") + "`.* TO reader");
		if (!rights.isEmpty()) {
			database.sql("GRANT " + rights + " ON `" + database.name() + "`.* TO reader");
		}
		String url = database.jdbcUrl().replace("/" + database.name(), "/" + database.name() + "_home");
		DataSource reader = new DriverManagerDataSource(url, "reader", "secret");
		OutboxSchema schema = new OutboxSchema(DIALECT, reader, new TableNames(database.name(), "outbox_"));
		Throwable refused = catchThrowable(schema::create);
		assertThat(refused).isNotNull();
		assertThat(schema.isForbidden(refused)).isTrue();
		assertThat(schema.isForbidden(new IllegalStateException())).isFalse();
		assertThat(schema(TABLES).create()).isOne();
		database.sql("DROP USER reader");
	}

	/**
	 * Rule 22: servers that take writes by turns leave out numbers, and give out lower
	 * ones later.
	 */
	@Test
	void aServerWhoseNumbersDoNotAscendIsRefused() {
		try (MariaDbServer server = MariaDbServer.start(MariaDbSettings.fast());
				MariaDbDatabase own = MariaDbDatabase.on(server)) {
			OutboxSchema schema = new OutboxSchema(DIALECT, own.dataSource(), TABLES);
			schema.create();
			schema.validate(64);
			own.sql("SET GLOBAL auto_increment_increment = 2");
			assertThatExceptionOfType(UnusableSchemaException.class).isThrownBy(() -> schema.validate(64))
				.withMessageContaining("auto_increment_increment is not 1")
				.withMessageContaining("set it to 1");
			own.sql("SET GLOBAL auto_increment_increment = 1");
			schema.validate(64);
		}
	}

	private static MissingSchemaException catchMissing(OutboxSchema schema) {
		return catchThrowableOfType(MissingSchemaException.class, () -> schema.validate(64));
	}

	private static OutboxSchema schema(TableNames tables) {
		return new OutboxSchema(DIALECT, database.dataSource(), tables);
	}

}
