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

import java.util.List;
import java.util.stream.Stream;

import dev.outbox.store.jdbc.NeededIndexes.Needed;
import dev.outbox.store.jdbc.h2.H2Dialect;
import dev.outbox.store.jdbc.mysql.MariaDbDialect;
import dev.outbox.store.jdbc.mysql.MySqlDialect;
import dev.outbox.store.jdbc.oracle.OracleDialect;
import dev.outbox.store.jdbc.postgres.PostgresDialect;
import dev.outbox.store.jdbc.sqlite.SqliteDialect;
import dev.outbox.store.jdbc.sqlserver.SqlServerDialect;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The indexes are read from the migrations of all databases.
 */
class NeededIndexesTests {

	private static final TableNames TABLES = new TableNames(null, "shop_");

	static Stream<JdbcDialect> dialects() {
		return Stream.of(new PostgresDialect(), new MariaDbDialect(), new MySqlDialect(), new H2Dialect(),
				new SqliteDialect(), new SqlServerDialect(), new OracleDialect());
	}

	@ParameterizedTest
	@MethodSource("dialects")
	void eachIndexIsFoundWithItsTableItsColumnsAndAStatement(JdbcDialect dialect) {
		List<Needed> needed = NeededIndexes.in(new MigrationScripts(dialect, TABLES).all());
		for (String index : List.of("event_key", "scheduled_due", "dead_letter_time", "dead_letter_event",
				"dead_letter_forward", "archive_time", "idempotency_time", "audit_time")) {
			assertThat(needed).as(index)
				.filteredOn((found) -> found.name().replace("shop_", "").equals(index))
				.singleElement()
				.satisfies((found) -> {
					assertThat(found.table()).isEqualTo("shop_" + index.substring(0, index.lastIndexOf('_')));
					assertThat(found.columns()).isNotEmpty().doesNotContain("");
					assertThat(found.statement()).startsWith("CREATE INDEX").doesNotContain("'", "\n\n");
				});
		}
		assertThat(needed).filteredOn(Needed::isPrimary)
			.extracting(Needed::table)
			.contains("shop_event", "shop_scheduled", "shop_dead_letter", "shop_audit", "shop_partition");
	}

}
