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

package dev.outbox.it.jpa;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import dev.outbox.OutboxException;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.it.store.Product;
import dev.outbox.store.jdbc.EventWriter;
import dev.outbox.store.jdbc.TableNames;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an application meets where the database goes on after it has rolled back a
 * transaction by itself.
 */
abstract class MySqlFamilyJpaStoreContract extends JpaStoreContract {

	MySqlFamilyJpaStoreContract(TestDatabase<?> database) {
		super(database);
	}

	@Override
	String schema() {
		return database().name();
	}

	@ParameterizedTest
	@ValueSource(strings = { "jpa", "jdbc" })
	void nothingIsCommittedAfterADeadlockThatTheApplicationHasCaught(String type) throws Exception {
		try (ConfigurableApplicationContext context = bank()
			.with("outbox.store.type=" + type, "spring.jpa.hibernate.ddl-auto=none")
			.run(); Connection other = database().dataSource().getConnection()) {
			OutboxPublisher outbox = context.getBean(OutboxPublisher.class);
			TransactionTemplate transaction = new TransactionTemplate(
					context.getBean(PlatformTransactionManager.class));
			EventWriter writer = Product.of(database())
				.dialect()
				.eventWriter(new TableNames(null, "outbox_"), Duration.ofDays(1));
			other.setAutoCommit(false);
			for (int i = 0; i < 50; i++) {
				writer.claim(other, "theirs " + i, UUID.randomUUID());
			}
			assertThatExceptionOfType(OutboxException.class)
				.isThrownBy(() -> transaction.executeWithoutResult((status) -> {
					outbox.publish(new Deposited("phantom", 1));
					outbox.publish(message("ours"));
					CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> claim(writer, other));
					await().until(() -> database().number(Product.of(database()).waitingTransactions()) > 0);
					assertThatExceptionOfType(ConcurrencyFailureException.class)
						.isThrownBy(() -> outbox.publish(message("theirs 7")));
					waiting.join();
				}))
				.withMessageContaining("Cannot commit");
			other.rollback();
			assertThat(database().number("SELECT count(*) FROM outbox_event")).isZero();
		}
	}

	private static OutboxMessage message(String idempotencyKey) {
		return OutboxMessage.builder()
			.key("a")
			.aggregateType("account")
			.aggregateId("a")
			.eventType("account.deposited")
			.payload(new Deposited("a", 1))
			.idempotencyKey(idempotencyKey)
			.build();
	}

	private static void claim(EventWriter writer, Connection connection) {
		try {
			writer.claim(connection, "ours", UUID.randomUUID());
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
