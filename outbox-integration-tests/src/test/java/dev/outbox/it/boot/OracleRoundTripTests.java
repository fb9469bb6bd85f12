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

import dev.outbox.fixtures.oracle.EnabledIfOracle;
import dev.outbox.fixtures.oracle.OracleDatabase;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Round trips through Oracle Database.
 */
@EnabledIfOracle
class OracleRoundTripTests extends RoundTripContract {

	OracleRoundTripTests() {
		super(OracleDatabase.fresh());
	}

	@Override
	List<Map<String, Object>> settings(ConfigurableApplicationContext context) {
		return context.getBean(JdbcClient.class)
			.sql("SELECT SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA') AS current_schema FROM DUAL")
			.query()
			.listOfRows();
	}

}
