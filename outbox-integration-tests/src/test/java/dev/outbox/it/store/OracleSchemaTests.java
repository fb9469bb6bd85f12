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
import java.util.List;

import dev.outbox.fixtures.oracle.EnabledIfOracle;
import dev.outbox.fixtures.oracle.OracleDatabase;
import dev.outbox.store.jdbc.MissingSchemaException;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.oracle.OracleDialect;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tables on Oracle Database, in the schema of the test's user: there is no other one
 * where it may create some.
 */
@EnabledIfOracle
class OracleSchemaTests {

	private static final OracleDialect DIALECT = new OracleDialect();

	@RegisterExtension
	static OracleDatabase database = OracleDatabase.fresh();

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
		schema(database.name()).validate(64);
	}

	/**
	 * No statement that creates a table can be taken back.
	 */
	@Test
	void whatWasBegunIsCompleted() throws SQLException {
		schema(null).create();
		database.sql("DROP TABLE outbox_setting", "DROP TABLE outbox_destination_state",
				"ALTER TABLE outbox_event DROP COLUMN crashes", "ALTER TABLE outbox_archive DROP COLUMN payload");
		MissingSchemaException missing = SchemaContract.catchMissing(schema(database.name()));
		assertThat(missing.missing()).containsExactlyInAnyOrder("outbox_destination_state", "outbox_setting",
				"outbox_event.crashes", "outbox_archive.payload");
		run(DIALECT.statements(missing.sql()));
		schema(null).validate(64);
		run(DIALECT.statements(OutboxSchema.script(DIALECT, new TableNames(null, "outbox_"))));
		schema(null).validate(64);
	}

	private static void run(List<String> statements) throws SQLException {
		try (Connection connection = database.dataSource().getConnection();
				Statement statement = connection.createStatement()) {
			for (String sql : statements) {
				statement.execute(sql);
			}
		}
	}

	private static OutboxSchema schema(String name) {
		return new OutboxSchema(DIALECT, database.dataSource(), new TableNames(name, "outbox_"));
	}

}
