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

import java.util.List;
import java.util.Map;

import dev.outbox.fixtures.h2.H2Database;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Round trips through H2.
 */
class H2RoundTripTests extends RoundTripContract {

	H2RoundTripTests() {
		super(H2Database.fresh());
	}

	/**
	 * What is not quoted is in capitals there, but the outbox quotes all names.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "PUBLIC", "EVENTS" })
	void namesAreTakenAsTheyAreWritten(String schema) {
		String url = "jdbc:h2:mem:capitals;DB_CLOSE_DELAY=-1";
		H2Database database = H2Database.fresh();
		JdbcClient jdbc = JdbcClient.create(new DriverManagerDataSource(url, database.user(), database.password()));
		jdbc.sql("CREATE SCHEMA IF NOT EXISTS events").update();
		try (ConfigurableApplicationContext context = TestApplication.of(JdbcApplication.class, database)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "outbox.transport=kafka",
					"outbox.relay.enabled=false", "spring.datasource.url=" + url, "outbox.store.schema=" + schema,
					"outbox.store.table-prefix=Shop_")
			.run()) {
			assertThat(context.isActive()).isTrue();
			assertThat(jdbc.sql("SELECT count(*) FROM " + schema + ".\"Shop_event\"").query(Long.class).single())
				.isZero();
		}
	}

	@Override
	List<Map<String, Object>> settings(ConfigurableApplicationContext context) {
		return context.getBean(JdbcClient.class)
			.sql("SELECT isolation_level FROM information_schema.sessions WHERE session_id = session_id()")
			.query()
			.listOfRows();
	}

}
