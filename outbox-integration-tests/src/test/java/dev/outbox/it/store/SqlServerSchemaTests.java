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

import java.util.Map;

import dev.outbox.fixtures.sqlserver.EnabledIfSqlServer;
import dev.outbox.fixtures.sqlserver.SqlServerDatabase;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.UnusableSchemaException;
import dev.outbox.store.jdbc.sqlserver.SqlServerDialect;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The tables on SQL Server, where statements that create tables can be taken back.
 */
@EnabledIfSqlServer
class SqlServerSchemaTests {

	@RegisterExtension
	static SqlServerDatabase database = SqlServerDatabase.fresh();

	@BeforeEach
	void newDatabase() {
		database.close();
	}

	@Test
	void theTablesAreCreatedOnceAndAreValid() {
		OutboxSchema schema = schema(null);
		assertThat(schema.exists()).isFalse();
		assertThat(schema.create()).isOne();
		assertThat(schema.create()).isZero();
		schema.validate(64);
		schema.validate(64);
	}

	@Test
	void theTablesCanBeInAnotherSchema() {
		database.sql("CREATE SCHEMA sales");
		OutboxSchema schema = schema("sales");
		schema.create();
		schema.validate(64);
		assertThat(database.query("SELECT DISTINCT table_schema AS s FROM information_schema.tables"))
			.containsExactly(Map.of("s", "sales"));
	}

	@Test
	void aFailureLeavesNothingBehind() {
		database.sql("CREATE TABLE outbox_idempotency (n int)");
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> schema(null).create());
		assertThat(database.number("SELECT count(*) FROM sys.tables")).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "READ_COMMITTED_SNAPSHOT", "ALLOW_SNAPSHOT_ISOLATION" })
	void aDatabaseWithoutSnapshotsIsRefused(String setting) {
		schema(null).create();
		database.sql("ALTER DATABASE CURRENT SET " + setting + " OFF WITH ROLLBACK IMMEDIATE");
		assertThatExceptionOfType(UnusableSchemaException.class).isThrownBy(() -> schema(null).validate(64))
			.withMessageContaining("ALTER DATABASE CURRENT SET " + setting + " ON");
	}

	private static OutboxSchema schema(String name) {
		return new OutboxSchema(new SqlServerDialect(), database.dataSource(), new TableNames(name, "outbox_"));
	}

}
