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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.outbox.TransactionRequiredException;
import dev.outbox.TransactionRequiredException.Reason;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.store.EventStore;
import dev.outbox.store.jpa.JpaEventStore;
import dev.outbox.store.jpa.OutboxArchivedEvents;
import dev.outbox.store.jpa.OutboxDeadLetters;
import dev.outbox.store.jpa.OutboxStoredEvent;
import dev.outbox.store.jpa.OutboxStoredEvents;
import jakarta.persistence.EntityManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageRequest;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

/**
 * What an application with Spring Data JPA meets, on every database.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class JpaStoreContract {

	private static final String COLUMNS = "seq, id, part, event_key, aggregate_type, aggregate_id, event_type,"
			+ " event_version, transport, destination, options, content_type, headers, payload, created_at";

	private final TestDatabase<?> database;

	private ConfigurableApplicationContext context;

	JpaStoreContract(TestDatabase<?> database) {
		this.database = database;
	}

	@BeforeAll
	void start() {
		this.context = bank().run();
	}

	@AfterAll
	void stop() {
		this.context.close();
		this.database.close();
	}

	@BeforeEach
	void clear() {
		this.database.sql("DELETE FROM outbox_event", "DELETE FROM outbox_dead_letter", "DELETE FROM outbox_archive",
				"DELETE FROM account");
	}

	@Test
	void eventsOfAggregatesAreStoredWithThemAndCanBeQueried() {
		Bank bank = this.context.getBean(Bank.class);
		bank.deposit("a-1", 3);
		bank.deposit("a-2", 7);
		bank.deposit("a-1", 2);
		OutboxStoredEvents events = this.context.getBean(OutboxStoredEvents.class);
		assertThat(this.context.getBean(EventStore.class)).isInstanceOf(JpaEventStore.class);
		List<OutboxStoredEvent> ofOne = events.findByEventKey("a-1", Pageable.ofSize(10));
		assertThat(ofOne).hasSize(2).extracting(OutboxStoredEvent::getEventType).containsOnly("account.deposited");
		OutboxStoredEvent first = ofOne.get(0);
		assertThat(new String(first.getPayload(), StandardCharsets.UTF_8))
			.isEqualTo("{\"accountId\":\"a-1\",\"balance\":3}");
		assertThat(first.getAggregateId()).isEqualTo("a-1");
		assertThat(first.getTransport()).isEqualTo("kafka");
		assertThat(first.getHeaders()).contains("ce_id", first.getEventId().toString());
		assertThat(first.getCreatedAt()).isCloseTo(Instant.now(), within(Duration.ofMinutes(1)));
		assertThat(first.getLastError()).isNull();
		assertThat(events.findById(first.getSeq())).isPresent();
		assertThat(events.findByEventId(first.getEventId())).extracting(OutboxStoredEvent::getSeq)
			.containsExactly(first.getSeq());
		assertThat(events.count()).isEqualTo(3);
	}

	@Test
	void queriesTakeConditionsPagesAndProjections() {
		for (int i = 0; i < 5; i++) {
			this.context.getBean(Bank.class).deposit("a-" + i, 1);
		}
		OutboxStoredEvents events = this.context.getBean(OutboxStoredEvents.class);
		Specification<OutboxStoredEvent> later = (event, query, builder) -> builder
			.greaterThan(event.<String>get("eventKey"), "a-1");
		Page<OutboxStoredEvent> page = events.findAll(later, PageRequest.of(0, 2, Sort.by(Sort.Direction.DESC, "seq")));
		assertThat(page.getTotalElements()).isEqualTo(3);
		assertThat(page).extracting(OutboxStoredEvent::getEventKey).containsExactly("a-4", "a-3");
		assertThat(events.count(later)).isEqualTo(3);
		List<KeyOnly> keys = events.findBy(later, (query) -> query.as(KeyOnly.class).sortBy(Sort.by("seq")).all());
		assertThat(keys).extracting(KeyOnly::getEventKey).containsExactly("a-2", "a-3", "a-4");
	}

	@Test
	void deadLettersAndArchivedEventsCanBeQueried() {
		this.context.getBean(Bank.class).deposit("a-1", 3);
		this.database.sql(
				"INSERT INTO outbox_dead_letter (" + COLUMNS + ", attempts, died_at, error, fingerprint) SELECT "
						+ COLUMNS + ", 4, created_at, 'too large', '0123456789abcdef' FROM outbox_event",
				"INSERT INTO outbox_archive (" + COLUMNS + ", archived_at) SELECT " + COLUMNS
						+ ", created_at FROM outbox_event");
		assertThat(this.context.getBean(OutboxDeadLetters.class).findByEventKey("a-1", Pageable.unpaged()))
			.singleElement()
			.satisfies((dead) -> {
				assertThat(dead.getError()).isEqualTo("too large");
				assertThat(dead.getAttempts()).isEqualTo(4);
				assertThat(dead.getFingerprint()).isEqualTo("0123456789abcdef");
				assertThat(dead.getFirstFailedAt()).isNull();
				assertThat(dead.getDiedAt()).isEqualTo(dead.getCreatedAt());
			});
		assertThat(this.context.getBean(OutboxArchivedEvents.class).findAll(Pageable.unpaged())).singleElement()
			.satisfies((archived) -> assertThat(archived.getArchivedAt()).isEqualTo(archived.getCreatedAt()));
	}

	@Test
	void aMapperNeitherAddsNorRemovesEvents() {
		this.context.getBean(Bank.class).deposit("a-1", 3);
		EntityManager entities = this.context.getBean(EntityManager.class);
		TransactionTemplate transaction = new TransactionTemplate(
				this.context.getBean(PlatformTransactionManager.class));
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> transaction.executeWithoutResult((status) -> entities.remove(
					this.context.getBean(OutboxStoredEvents.class).findByEventKey("a-1", Pageable.ofSize(1)).get(0))));
		assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isOne();
	}

	@Test
	void theTablesAreFoundWhateverTheApplicationCallsItsOwn() {
		try (ConfigurableApplicationContext other = bank()
			.with("spring.jpa.hibernate.naming.physical-strategy=" + ShoutingNames.class.getName(),
					"outbox.store.table-prefix=select_", "outbox.store.schema=" + schema())
			.run()) {
			other.getBean(Bank.class).deposit("a-1", 3);
			assertThat(other.getBean(OutboxStoredEvents.class).findByEventKey("a-1", Pageable.ofSize(1))).hasSize(1);
			assertThat(other.getBean(OutboxDeadLetters.class).count()).isZero();
			assertThat(other.getBean(OutboxArchivedEvents.class).count()).isZero();
			assertThat(this.database.number("SELECT count(*) FROM " + schema() + ".select_event")).isOne();
		}
	}

	@Test
	void whatIsWrittenBesideTheMapperBelongsToTheSameTransaction() {
		Bank bank = this.context.getBean(Bank.class);
		bank.depositBesideTheMapper("a-1", false);
		assertThatIllegalStateException().isThrownBy(() -> bank.depositBesideTheMapper("a-2", true));
		assertThat(this.database.value("SELECT event_key FROM outbox_event")).isEqualTo("a-1");
		assertThat(this.database.number("SELECT balance FROM account")).isEqualTo(5);
	}

	@Test
	void anEventSurvivesThatTheMapperForgetsEverything() {
		this.context.getBean(Bank.class).publishAndClear("a-1");
		assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isOne();
	}

	@Test
	void aReadOnlyTransactionStoresNothing() {
		assertThatExceptionOfType(TransactionRequiredException.class)
			.isThrownBy(() -> this.context.getBean(Bank.class).publishWhileReading("a-1"))
			.extracting(TransactionRequiredException::reason)
			.isEqualTo(Reason.READ_ONLY);
	}

	/**
	 * Returns the name of a schema that is not named by default.
	 */
	abstract String schema();

	final TestDatabase<?> database() {
		return this.database;
	}

	final TestApplication bank() {
		return TestApplication.of(BankApplication.class, this.database)
			.with(TestApplication.WITHOUT_FLYWAY, "spring.jpa.hibernate.ddl-auto=create-drop",
					"outbox.relay.enabled=false", "outbox.transport=kafka");
	}

	/**
	 * A projection.
	 */
	interface KeyOnly {

		String getEventKey();

	}

}
