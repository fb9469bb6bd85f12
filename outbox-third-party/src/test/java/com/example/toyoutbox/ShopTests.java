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

package com.example.toyoutbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import javax.sql.DataSource;

import dev.outbox.OutboxPublisher;
import dev.outbox.TransactionRequiredException;
import dev.outbox.deadletter.DeadLetters;
import dev.outbox.relay.OutboxRelay;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * The relay delivers what an application stores in somebody else's store, through
 * somebody else's transport. The application has a relational database too, in which the
 * outbox is not.
 */
@SpringBootTest(properties = { "outbox.store.type=none", "spring.main.web-application-type=none" })
@DirtiesContext
class ShopTests {

	@TempDir
	static Path directory;

	@DynamicPropertySource
	static void directory(DynamicPropertyRegistry registry) {
		registry.add("toy.directory", directory::toString);
	}

	@BeforeEach
	void topic() throws IOException {
		Files.write(directory.resolve("orders"), new byte[0]);
	}

	@Test
	void eventsOfEachOrderArriveInTheirOrderAndNoneThatWasRolledBack(@Autowired Shop shop,
			@Autowired ToyDatabase database) throws IOException {
		List<CompletableFuture<Void>> customers = IntStream.range(0, 4)
			.mapToObj((customer) -> CompletableFuture.runAsync(() -> {
				for (int step = 0; step < 50; step++) {
					shop.step("order-" + customer, step);
					assertThatIllegalArgumentException().isThrownBy(() -> shop.step("order-" + customer, -1));
				}
			}))
			.toList();
		customers.forEach(CompletableFuture::join);
		// A line that is being written cannot be decoded where it is cut within a
		// character.
		await().atMost(Duration.ofSeconds(60))
			.ignoreExceptionsInstanceOf(IllegalArgumentException.class)
			.untilAsserted(() -> assertThat(arrived()).hasSize(200));
		for (int customer = 0; customer < 4; customer++) {
			String order = "order-" + customer;
			assertThat(arrived()).filteredOn((line) -> line.startsWith(order))
				.containsExactlyElementsOf(IntStream.range(0, 50)
					.mapToObj((step) -> order + " {\"order\":\"" + order + "\",\"number\":" + step + "}")
					.toList());
			assertThat(database.read(order)).isEqualTo("49");
		}
		// A line is written before the relay hears of it.
		await().atMost(Duration.ofSeconds(60)).until(() -> {
			synchronized (database) {
				return database.events.isEmpty();
			}
		});
	}

	@Test
	void theTransactionOfAnotherDatabaseIsRefused(@Autowired OutboxPublisher publisher, @Autowired DataSource other) {
		TransactionTemplate transaction = new TransactionTemplate(new DataSourceTransactionManager(other));
		assertThatExceptionOfType(TransactionRequiredException.class)
			.isThrownBy(() -> transaction.executeWithoutResult((status) -> publisher.publish(new OrderStep("o", 1))));
	}

	@Test
	void theOtherDatabaseHasNoTablesOfTheOutbox(@Autowired JdbcTemplate jdbc, @Autowired ApplicationContext context) {
		assertThat(jdbc
			.queryForList("SELECT table_name FROM information_schema.tables WHERE lower(table_name) LIKE 'outbox%'"))
			.isEmpty();
		assertThat(context.getBeansOfType(OutboxRelay.class)).hasSize(1);
		assertThat(context.getBeansOfType(DeadLetters.class)).hasSize(1);
	}

	/**
	 * Returns keys and payloads.
	 */
	private static List<String> arrived() throws IOException {
		return Files.readAllLines(directory.resolve("orders"))
			.stream()
			.map((line) -> String.join(" ",
					Stream.of(line.split(" "))
						.map((part) -> new String(Base64.getDecoder().decode(part), StandardCharsets.UTF_8))
						.toList()))
			.toList();
	}

}
