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

import java.util.UUID;

import dev.outbox.OutboxException;
import dev.outbox.fixtures.sqlserver.EnabledIfSqlServer;
import dev.outbox.fixtures.sqlserver.SqlServerDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is written to H2 is what is read.
 */
@EnabledIfSqlServer
class SqlServerEventWriterTests extends JdbcEventWriterContract {

	@RegisterExtension
	static SqlServerDatabase database = SqlServerDatabase.fresh();

	private JdbcStoreHarness harness;

	@BeforeEach
	void empty() {
		this.harness = new JdbcStoreHarness(database);
	}

	@Override
	protected JdbcStoreHarness harness() {
		return this.harness;
	}

	/**
	 * Two of them differ by a blank only.
	 */
	@Override
	@ParameterizedTest
	@CsvSource({ "order, Order", "order, ' order'", "strasse, stra\u00dfe", "e\u0301, \u00e9" })
	void whatDiffersAtAllIsDifferent(String key, String other) {
		super.whatDiffersAtAllIsDifferent(key, other);
	}

	@Test
	void aKeyThatEndsWithABlankIsRefused() {
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> append(DatabaseHarness.event("order ", "1")))
			.withMessageContaining("ends with a blank");
		try (JdbcTransaction transaction = this.harness.begin()) {
			assertThatExceptionOfType(OutboxException.class)
				.isThrownBy(() -> claim(transaction, "once ", UUID.randomUUID()))
				.withMessageContaining("ends with a blank");
		}
		String insert = """
				INSERT INTO outbox_event (id, part, event_key, event_type, event_version, transport, destination,
					content_type, payload)
				VALUES (CRYPT_GEN_RANDOM(16), 1, 'a ', 't', 1, 'test', 'orders', 'x', 0x)""";
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> database.sql(insert))
			.withMessageContaining("outbox_event_event_key");
	}

}
