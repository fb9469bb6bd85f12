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
import java.util.List;
import java.util.Map;

import dev.outbox.fixtures.sqlite.SqliteDatabase;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.UnusableSchemaException;
import dev.outbox.store.jdbc.sqlite.SqliteDialect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The tables on SQLite. There are no schemas: elsewhere is another file.
 */
class SqliteSchemaTests extends SchemaContract {

	private static final JdbcDialect DIALECT = new SqliteDialect();

	@RegisterExtension
	static SqliteDatabase database = SqliteDatabase.fresh();

	SqliteSchemaTests() {
		super(database);
	}

	@Override
	TableNames elsewhere(String schema, String prefix) {
		database.close();
		// A new file cannot be switched to WAL by several connections at once.
		database.sql("PRAGMA journal_mode");
		return new TableNames(null, prefix);
	}

	@Override
	List<Map<String, Object>> columns() {
		return database.query("""
				SELECT t.name AS t, c.name AS c FROM pragma_table_list t JOIN pragma_table_info(t.name) c
				WHERE t.name LIKE 'outbox%' AND t.name <> 'outbox_setting'""");
	}

	/**
	 * Statements that create tables can be taken back.
	 */
	@Test
	void aFailureLeavesNothingBehind() {
		database.sql("CREATE TABLE outbox_idempotency (n integer)");
		OutboxSchema schema = schema(TABLES);
		assertThat(catchMissing(schema).missing()).contains("outbox_event", "outbox_idempotency.id");
		assertThat(database.number("SELECT count(*) FROM sqlite_master WHERE name LIKE 'outbox%'")).isOne();
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "jdbc:sqlite::memory:", "jdbc:sqlite:file:shared?mode=memory&cache=shared", "jdbc:sqlite:" })
	void aDatabaseInMemoryIsRefused(String url) {
		assertThatExceptionOfType(UnusableSchemaException.class).isThrownBy(() -> create(url))
			.withMessageContaining("in memory")
			.withMessageContaining("Use a file");
	}

	@ParameterizedTest
	@CsvSource({ "journal_mode=DELETE, journal_mode is delete",
			"journal_mode=WAL&busy_timeout=100, busy_timeout is 100 ms" })
	void whatKeepsWritersFromEachOtherIsRefused(String settings, String reason, @TempDir Path directory) {
		String file = "jdbc:sqlite:" + directory.resolve("shop.db");
		assertThatExceptionOfType(UnusableSchemaException.class).isThrownBy(() -> create(file + '?' + settings))
			.withMessageContaining(reason)
			.withMessageContaining("to the URL");
		create(file + "?journal_mode=WAL");
	}

	/**
	 * There are none at all.
	 */
	@Override
	void aSchemaThatIsNotThereIsNamed() {
	}

	@Test
	void aSchemaIsRefused() {
		assertThatExceptionOfType(UnusableSchemaException.class)
			.isThrownBy(() -> schema(new TableNames("shop", "outbox_")).create())
			.withMessageContaining("outbox.store.schema is 'shop'");
	}

	private static void create(String url) {
		OutboxSchema schema = new OutboxSchema(DIALECT, new DriverManagerDataSource(url), TABLES);
		schema.create();
		schema.validate(64);
	}

}
