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

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;

import dev.outbox.store.StoredEvent;
import dev.outbox.store.jdbc.h2.H2Dialect;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class EventRowsTests {

	private static final String ROW = "SELECT 5, RANDOM_UUID(), 1, 'k', NULL, NULL, 't', 1, 'kafka', 'orders', NULL,"
			+ " 'text/plain', NULL, CURRENT_TIMESTAMP, %s, NULL, 0, 0, 0, 0";

	/**
	 * Some databases make none of an empty payload: it is there, and nobody has to ask
	 * for it once more.
	 */
	@Test
	void aPayloadThatWasNotLeftOutIsThereAlsoIfItIsEmpty() throws SQLException {
		StoredEvent empty = stored("NULL");
		assertThat(empty.payloadLoaded()).isTrue();
		assertThat(empty.event().payload()).isEmpty();
		StoredEvent large = stored("20000");
		assertThat(large.payloadLoaded()).isFalse();
		assertThat(large.payloadSize()).isEqualTo(20_000);
	}

	private static StoredEvent stored(String size) throws SQLException {
		try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:");
				ResultSet row = connection.createStatement().executeQuery(ROW.formatted(size))) {
			row.next();
			return new EventRows(new H2Dialect().format()).stored(row);
		}
	}

}
