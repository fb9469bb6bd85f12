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

package dev.outbox.it.boot;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import dev.outbox.fixtures.sqlite.SqliteDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Round trips through SQLite.
 */
class SqliteRoundTripTests extends RoundTripContract {

	SqliteRoundTripTests() {
		super(SqliteDatabase.fresh());
	}

	/**
	 * There is no dialect for it in Hibernate itself.
	 */
	@Override
	void aJpaApplicationDeliversWhatItHasCommitted() {
	}

	/**
	 * Whoever takes care of the tables does not take care of that.
	 */
	@Test
	void aFileThatKeepsReadersAndWritersFromEachOtherIsRefusedInEachMode(@TempDir Path directory) {
		for (String mode : List.of("auto", "flyway", "create", "validate", "none")) {
			TestApplication application = TestApplication.of(JdbcApplication.class, SqliteDatabase.fresh())
				.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "outbox.schema.mode=" + mode,
						"outbox.transport=kafka", "outbox.relay.enabled=false", "spring.datasource.url=jdbc:sqlite:"
								+ directory.resolve("shop.db") + "?journal_mode=DELETE&busy_timeout=5000");
			assertThatThrownBy(application::run).hasStackTraceContaining("journal_mode is delete");
		}
	}

	@Override
	List<Map<String, Object>> settings(ConfigurableApplicationContext context) {
		return context.getBean(JdbcClient.class)
			.sql("SELECT journal_mode, timeout, read_uncommitted, query_only FROM pragma_journal_mode,"
					+ " pragma_busy_timeout, pragma_read_uncommitted, pragma_query_only")
			.query()
			.listOfRows();
	}

}
