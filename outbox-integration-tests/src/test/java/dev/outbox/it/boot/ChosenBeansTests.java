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

import dev.outbox.OutboxPublisher;
import dev.outbox.TransactionRequiredException;
import dev.outbox.TransactionRequiredException.Reason;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.it.boot.TwoDataSources.Marked;
import dev.outbox.it.boot.TwoDataSources.MarkedForOne;
import dev.outbox.it.boot.TwoDataSources.Named;
import dev.outbox.it.boot.TwoDataSources.Transactions;
import dev.outbox.publish.OutboxTemplate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Which data source and transaction manager the outbox takes where there are several.
 */
class ChosenBeansTests {

	private final H2Database first = H2Database.fresh();

	private final H2Database second = H2Database.fresh();

	@AfterEach
	void dropDatabases() {
		this.first.close();
		this.second.close();
	}

	@Test
	void thoseThatAreMarkedAreTaken() {
		assertThatTheSecondIsTaken(application(Marked.class));
	}

	@Test
	void thoseThatPropertiesNameAreTaken() {
		assertThatTheSecondIsTaken(application(Named.class).with("outbox.store.data-source=second",
				"outbox.store.transaction-manager=otherTransactions"));
	}

	private void assertThatTheSecondIsTaken(TestApplication application) {
		try (ConfigurableApplicationContext context = application.run()) {
			context.getBean(OutboxTemplate.class).publishTransactional(new OrderPlaced("o-1", 1));
			assertThat(context.getBean("otherTransactions", Transactions.class).begun()).isOne();
			OutboxPublisher publisher = context.getBean(OutboxPublisher.class);
			transaction(context, "secondTransactions")
				.executeWithoutResult((status) -> publisher.publish(new OrderPlaced("o-2", 2)));
			assertThatExceptionOfType(TransactionRequiredException.class)
				.isThrownBy(() -> transaction(context, "firstTransactions")
					.executeWithoutResult((status) -> publisher.publish(new OrderPlaced("o-3", 3))))
				.extracting(TransactionRequiredException::reason)
				.isEqualTo(Reason.FOREIGN);
			assertThat(this.second.number("SELECT count(*) FROM outbox_event")).isEqualTo(2);
			assertThat(this.first
				.number("SELECT count(*) FROM information_schema.tables" + " WHERE table_name = 'outbox_event'"))
				.isZero();
		}
	}

	@Test
	void ofTheMarkedTransactionManagersEachOutboxTakesItsOwn() {
		TestApplication application = application(MarkedForOne.class).with("outbox.instances.shop.source=s",
				"outbox.instances.billing.store.data-source=second");
		try (ConfigurableApplicationContext context = application.run()) {
			for (String outbox : new String[] { "shop", "billing" }) {
				context.getBean(outbox + "OutboxTemplate", OutboxTemplate.class)
					.publishTransactional(new OrderPlaced(outbox, 1));
			}
			assertThat(this.first.value("SELECT event_key FROM outbox_event")).isEqualTo("shop");
			assertThat(this.second.value("SELECT event_key FROM outbox_event")).isEqualTo("billing");
		}
	}

	@Test
	void aTransactionManagerOfAnotherDataSourceIsRefused() {
		assertThatThrownBy(() -> application(Named.class)
			.with("outbox.store.data-source=second", "outbox.store.transaction-manager=firstTransactions")
			.run()).rootCause()
			.isInstanceOf(InvalidOutboxPropertyException.class)
			.hasMessageContaining("outbox.store.transaction-manager must be the name of a transaction manager of the"
					+ " data source that the outbox is in (HikariDataSource), not of another one, but is"
					+ " 'firstTransactions'");
	}

	@ParameterizedTest
	@CsvSource({ "outbox., store.data-source, 'DataSource (first, second)'",
			"outbox.instances.billing., store.data-source, 'DataSource (first, second)'",
			"outbox., store.transaction-manager, "
					+ "'PlatformTransactionManager (firstTransactions, otherTransactions, secondTransactions)'" })
	void aNameThatNoBeanHasIsRefusedWithThoseThatThereAre(String outbox, String property, String there) {
		assertThatThrownBy(() -> application(Named.class).with(outbox + property + "=scond").run()).rootCause()
			.isInstanceOf(InvalidOutboxPropertyException.class)
			.hasMessageStartingWith(outbox + property + " must be the name of a bean of type ")
			.hasMessageContaining(there)
			.hasMessageContaining("but is 'scond'");
	}

	private TestApplication application(Class<?> configuration) {
		return TestApplication.of(configuration, this.first)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "outbox.relay.enabled=false",
					"outbox.transport=kafka", "second.url=" + this.second.jdbcUrl());
	}

	private static TransactionTemplate transaction(ConfigurableApplicationContext context, String manager) {
		return new TransactionTemplate(context.getBean(manager, Transactions.class));
	}

}
