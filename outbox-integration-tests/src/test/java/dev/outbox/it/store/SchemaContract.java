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
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import javax.sql.DataSource;

import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.MissingSchemaException;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.PartitionCountException;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.UnusableSchemaException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The tables are created once, and used only as they must be: on the databases whose
 * statements are the portable ones.
 */
abstract class SchemaContract {

	static final TableNames TABLES = new TableNames(null, "outbox_");

	private final TestDatabase<?> database;

	SchemaContract(TestDatabase<?> database) {
		this.database = database;
	}

	@BeforeEach
	final void newDatabase() {
		this.database.close();
	}

	/**
	 * Creates a place where there are no tables yet.
	 */
	abstract TableNames elsewhere(String schema, String prefix);

	/**
	 * Returns the names of all columns but those of the settings, and of their tables.
	 */
	abstract List<Map<String, Object>> columns();

	String rename(String table, String column, String name) {
		return "ALTER TABLE " + table + " RENAME COLUMN " + column + " TO " + name;
	}

	String value() {
		return "value";
	}

	final JdbcDialect dialect() {
		return Product.of(this.database).dialect();
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
		assertThat(this.database.query("SELECT name, " + value() + " AS number FROM outbox_setting"
				+ " WHERE name NOT LIKE 'lock.%' ORDER BY name"))
			.containsExactly(Map.of("name", "partitions", "number", "64"),
					Map.of("name", "schema.version", "number", "1"));
	}

	/**
	 * No statement that creates a table can be taken back.
	 */
	@Test
	void whatWasBegunIsCompleted() {
		OutboxSchema schema = schema(TABLES);
		schema.create();
		this.database.sql("DROP TABLE outbox_setting", "DROP TABLE outbox_destination_state");
		MissingSchemaException missing = catchMissing(schema);
		assertThat(missing.missing()).containsExactly("outbox_destination_state", "outbox_setting");
		assertThat(missing).hasMessageContaining("outbox.schema.mode");
		run(missing.sql());
		schema.validate(64);
	}

	@Test
	void fiveInstancesStartAtOnceOnEmptyDatabases() {
		for (int i = 0; i < 10; i++) {
			TableNames tables = elsewhere(this.database.name() + "_" + i, "outbox_");
			List<CompletableFuture<Integer>> all = new ArrayList<>();
			for (int j = 0; j < 5; j++) {
				all.add(CompletableFuture.supplyAsync(() -> {
					OutboxSchema schema = schema(tables);
					int created = schema.create();
					schema.validate(64);
					return created;
				}));
			}
			assertThat(all.stream().mapToInt(CompletableFuture::join).sum()).isOne();
		}
	}

	@ParameterizedTest
	@CsvSource({ "Box, OUTBOX_", "box, outbox_", "box, Mixed_Case_", "select, group", "order_, order_", "group, table",
			"_b0x, _" })
	void namesOfAnyCaseWork(String schemaName, String prefix) {
		TableNames tables = elsewhere(schemaName, prefix);
		OutboxSchema schema = schema(tables);
		assertThat(schema.exists()).isFalse();
		schema.create();
		schema.validate(8);
		if (tables.schema() != null) {
			assertThat(schema(new TableNames(null, prefix)).exists()).isFalse();
		}
		LeaseStore leases = dialect().leaseStore(this.database.dataSource(), tables, 8);
		UUID instance = UUID.randomUUID();
		leases.join(instance, "test", Set.of("test"), Duration.ofMinutes(1));
		assertThat(leases.take(instance, "test", 100)).hasSize(8);
		assertThat(dialect().backlogStore(this.database.dataSource(), tables).measure(0).waiting()).isZero();
		try (JdbcTransaction transaction = new JdbcTransaction(this.database.dataSource(),
				dialect().eventWriter(tables, Duration.ofDays(1)))) {
			transaction.insert("a", "1").commit();
		}
		assertThat(dialect().backlogStore(this.database.dataSource(), tables).measure(0).waiting()).isOne();
	}

	/**
	 * A pool gives the connection to the application afterwards.
	 */
	@Test
	void theConnectionStaysWhereTheApplicationHasItsTables() throws Exception {
		TableNames tables = elsewhere(this.database.name() + "_own", "outbox_");
		try (Connection connection = this.database.dataSource().getConnection()) {
			String catalog = connection.getCatalog();
			String schema = connection.getSchema();
			DataSource one = new SingleConnectionDataSource(connection, true);
			new OutboxSchema(dialect(), one, tables).create();
			assertThat(connection.getCatalog()).isEqualTo(catalog);
			assertThat(connection.getSchema()).isEqualTo(schema);
		}
	}

	/**
	 * All that is created is checked for, and all that is checked for is created.
	 */
	@Test
	void everyColumnIsMissedWhenItIsGone() {
		OutboxSchema schema = schema(TABLES);
		schema.create();
		List<Map<String, Object>> columns = columns();
		assertThat(columns).hasSizeGreaterThan(80);
		for (Map<String, Object> column : columns) {
			String table = String.valueOf(column.get("t"));
			String name = String.valueOf(column.get("c"));
			this.database.sql(rename(table, name, "hidden"));
			assertThatExceptionOfType(MissingSchemaException.class).isThrownBy(() -> schema.validate(64))
				.satisfies((ex) -> assertThat(ex.missing()).containsExactly(table + "." + name));
			this.database.sql(rename(table, "hidden", name));
		}
		schema.validate(64);
	}

	@Test
	void missingTablesAreNamedWithTheSqlThatCreatesThem() {
		TableNames tables = elsewhere(this.database.name() + "_box", "outbox_");
		OutboxSchema schema = schema(tables);
		MissingSchemaException missing = catchMissing(schema);
		assertThat(missing.missing()).hasSizeGreaterThan(10).contains("outbox_event", "outbox_setting");
		assertThat(schema.exists()).isFalse();
		run(missing.sql());
		schema.validate(64);
		this.database.sql(dialect().sql(tables, "DROP TABLE ${archive}"));
		assertThat(catchMissing(schema).missing()).containsExactly("outbox_archive");
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
		this.database.sql("UPDATE outbox_setting SET " + value() + " = '0' WHERE name = 'schema.version'");
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

	static MissingSchemaException catchMissing(OutboxSchema schema) {
		return catchThrowableOfType(MissingSchemaException.class, () -> schema.validate(64));
	}

	/**
	 * Runs a script in one session, of which the first statement may say where to.
	 */
	private void run(String script) {
		try (Connection connection = this.database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			for (String sql : dialect().statements(script)) {
				statement.execute(sql);
			}
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	final OutboxSchema schema(TableNames tables) {
		return new OutboxSchema(dialect(), this.database.dataSource(), tables);
	}

}
