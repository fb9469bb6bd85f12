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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.outbox.Destination;
import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.store.NewEvent;
import dev.outbox.store.jdbc.h2.H2Dialect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Writing events where a database, here H2 that is told so, takes batches, and no empty
 * texts.
 */
class PortableEventWriterTests {

	private static final String URL = "jdbc:h2:mem:writer";

	private static final TableNames TABLES = new TableNames(null, "outbox_");

	private final EventWriter writer = new PortableEventWriter(TABLES, batching(), Duration.ofDays(7));

	private Connection connection;

	@BeforeEach
	void create() throws SQLException {
		this.connection = DriverManager.getConnection(URL);
		new OutboxSchema(new H2Dialect(), new DriverManagerDataSource(URL), TABLES).create();
	}

	@AfterEach
	void drop() throws SQLException {
		this.connection.close();
	}

	private static SqlSyntax batching() {
		H2Dialect h2 = new H2Dialect();
		return (SqlSyntax) Proxy.newProxyInstance(PortableEventWriterTests.class.getClassLoader(),
				new Class<?>[] { SqlSyntax.class }, (proxy, method, arguments) -> {
					try {
						return switch (method.getName()) {
							case "insertsInBatches" -> true;
							case "distinguishes" -> !arguments[0].equals("");
							default -> method.invoke(h2, arguments);
						};
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

	@Test
	void theNumbersOfABatchAscendInTheOrderOfTheList() throws SQLException {
		List<String> keys = IntStream.range(0, 450).mapToObj((i) -> "k" + i).toList();
		this.writer.append(this.connection, keys.stream().map((key) -> event(key, null)).toList());
		assertThat(keys("event", "seq")).isEqualTo(keys);
	}

	@Test
	void eachEventOfABatchHasItsTime() throws SQLException {
		Instant due = Instant.parse("2126-01-01T00:00:00Z");
		this.writer.schedule(this.connection, List.of(event("late", due.plusSeconds(1)), event("soon", due)));
		assertThat(keys("scheduled", "deliver_at")).containsExactly("soon", "late");
	}

	@Test
	void anEmptyTextIsRefusedThatWouldBeNone() {
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(() -> this.writer.append(this.connection, List.of(event("", null))))
			.withMessageContaining("is empty, which this database takes for none at all. Nothing has been stored");
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(() -> this.writer.claim(this.connection, "", UUID.randomUUID()))
			.withMessageStartingWith("The idempotency key of event ");
	}

	private List<String> keys(String table, String order) throws SQLException {
		List<String> keys = new ArrayList<>();
		try (ResultSet row = this.connection.createStatement()
			.executeQuery("SELECT event_key FROM \"outbox_" + table + "\" ORDER BY " + order)) {
			while (row.next()) {
				keys.add(row.getString(1));
			}
		}
		return keys;
	}

	private static NewEvent event(String key, Instant due) {
		return new NewEvent(new OutboxRecord(UUID.randomUUID(), key, null, null, "t", 1, new Destination("kafka", "d"),
				Map.of(), "c", Map.of(), new byte[1], Instant.EPOCH), 1, due);
	}

}
