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
import java.util.List;
import java.util.UUID;

import dev.outbox.OutboxException;
import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.fixtures.sqlite.SqliteDatabase;
import dev.outbox.store.EventRef;
import dev.outbox.store.RelayStore;
import dev.outbox.store.jdbc.TableNames;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A connection goes back as it came where its settings are not those of a transaction.
 */
class FoundConnectionTests {

	@RegisterExtension
	static H2Database h2 = H2Database.fresh();

	@RegisterExtension
	static SqliteDatabase sqlite = SqliteDatabase.fresh();

	private static TestDatabase<?> database(Product product) {
		return (product == Product.H2) ? h2 : sqlite;
	}

	@ParameterizedTest
	@CsvSource({ "H2, true", "H2, false", "SQLITE, true", "SQLITE, false" })
	void isolationAndCommitsAreReadBackUnchanged(Product product, boolean autoCommit) throws Exception {
		JdbcStoreHarness harness = new JdbcStoreHarness(database(product));
		harness.insert("a", "1", "2", "3");
		try (Connection connection = database(product).dataSource().getConnection()) {
			connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
			connection.setAutoCommit(autoCommit);
			ConnectionSettingsTests.useEverything(product.dialect(), ConnectionSettingsTests.pool(connection));
			assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
			assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
			// Nothing is left open that keeps others off.
			harness.insert("b", "4");
		}
	}

	@ParameterizedTest
	@CsvSource({ "H2, true", "H2, false", "SQLITE, true", "SQLITE, false" })
	void aFailedTransactionLeavesNothingBehind(Product product, boolean autoCommit) throws Exception {
		JdbcStoreHarness harness = new JdbcStoreHarness(database(product));
		try (Connection connection = database(product).dataSource().getConnection()) {
			connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
			connection.setAutoCommit(autoCommit);
			RelayStore store = product.dialect()
				.relayStore(ConnectionSettingsTests.pool(connection), new TableNames(null, "nothing_"), false);
			assertThatExceptionOfType(OutboxException.class)
				.isThrownBy(() -> store.settle(List.of(new EventRef(1, UUID.randomUUID()))));
			assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
			assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
			harness.insert("b", "1");
		}
	}

}
