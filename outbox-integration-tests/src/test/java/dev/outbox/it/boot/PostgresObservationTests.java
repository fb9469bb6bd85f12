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

import dev.outbox.fixtures.postgres.PostgresDatabase;

/**
 * Meters and health of an outbox in PostgreSQL.
 */
class PostgresObservationTests extends ObservationContract {

	private final PostgresDatabase database = PostgresDatabase.fresh();

	@Override
	String url() {
		return this.database.jdbcUrl();
	}

	@Override
	TestApplication application(String url) {
		return TestApplication.of(JdbcApplication.class, this.database)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "spring.datasource.url=" + url,
					"spring.datasource.hikari.connection-timeout=1000");
	}

	@Override
	void dropDatabase() {
		this.database.close();
	}

}
