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

import dev.outbox.TransactionRequiredException;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.store.EventStore;
import dev.outbox.store.jpa.JpaEventStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Events stored through EclipseLink, which takes a connection late and has several.
 */
@TestInstance(Lifecycle.PER_CLASS)
class EclipseLinkStoreTests {

	private final PostgresDatabase database = PostgresDatabase.fresh();

	private ConfigurableApplicationContext context;

	private Bank bank;

	@BeforeAll
	void start() {
		this.context = TestApplication.of(EclipseLinkApplication.class, this.database)
			.with(TestApplication.WITHOUT_FLYWAY, "outbox.relay.enabled=false", "outbox.transport=kafka",
					"outbox.store.type=jpa")
			.run();
		this.bank = this.context.getBean(Bank.class);
	}

	@AfterAll
	void stop() {
		this.context.close();
		this.database.close();
	}

	@BeforeEach
	void clear() {
		this.database.sql("DELETE FROM outbox_event", "DELETE FROM account");
	}

	@Test
	void eventsOfAggregatesAreStoredWithThem() {
		assertThat(this.context.getBean(EventStore.class)).isInstanceOf(JpaEventStore.class);
		this.bank.deposit("b-1", 3);
		this.bank.deposit("b-1", 4);
		assertThat(this.database
			.query("SELECT event_key, convert_from(payload, 'UTF8') AS payload FROM outbox_event" + " ORDER BY seq"))
			.extracting((row) -> row.get("payload"))
			.containsExactly("{\"accountId\":\"b-1\",\"balance\":3}", "{\"accountId\":\"b-1\",\"balance\":7}");
		assertThat(this.database.number("SELECT balance FROM account")).isEqualTo(7);
	}

	@Test
	void entitiesRowsAndEventsRollBackTogether() {
		this.bank.depositBesideTheMapper("a-1", false);
		assertThatIllegalStateException().isThrownBy(() -> this.bank.depositBesideTheMapper("a-2", true));
		assertThat(this.database.value("SELECT event_key FROM outbox_event")).isEqualTo("a-1");
		assertThat(this.database.number("SELECT balance FROM account")).isEqualTo(5);
	}

	/**
	 * The mapper has had no reason to take a connection.
	 */
	@Test
	void aTransactionMayPublishAndDoNothingElse() {
		this.bank.publishAndClear("a-1");
		assertThat(this.database.value("SELECT event_key FROM outbox_event")).isEqualTo("a-1");
	}

	@Test
	void aReadOnlyTransactionStoresNothing() {
		assertThatExceptionOfType(TransactionRequiredException.class)
			.isThrownBy(() -> this.bank.publishWhileReading("a-1"));
		assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isZero();
	}

}
