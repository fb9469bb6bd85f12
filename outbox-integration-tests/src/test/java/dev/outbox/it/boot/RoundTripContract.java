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

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.outbox.TransactionRequiredException;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.archive.OutboxArchive;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.store.ArchiveFilter;
import dev.outbox.store.ArchiveStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * From a service's transaction to the topic, with nothing configured but addresses: on
 * every database.
 */
abstract class RoundTripContract {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private final TestDatabase<?> database;

	private String topic;

	RoundTripContract(TestDatabase<?> database) {
		this.database = database;
	}

	@BeforeEach
	void createBusinessTable() {
		this.database.sql("CREATE TABLE orders (id varchar(100) PRIMARY KEY, quantity integer NOT NULL)");
		this.topic = KAFKA.uniqueTopic(3);
	}

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void aJdbcApplicationDeliversWhatItHasCommitted() {
		try (ConfigurableApplicationContext context = jdbc().run()) {
			JdbcApplication.Orders orders = context.getBean(JdbcApplication.Orders.class);
			orders.place("o-1", 1);
			orders.placeByApplicationEvent("o-2", 2);
			assertThatIllegalStateException().isThrownBy(() -> orders.placeAndFail("o-3"));
			assertThatExceptionOfType(TransactionRequiredException.class)
				.isThrownBy(() -> orders.placeWithoutTransaction("o-4"));
			awaitDelivered(2);
			assertThat(KAFKA.readAll(this.topic)).extracting(KafkaRecord::key).containsExactlyInAnyOrder("o-1", "o-2");
			assertThat(KAFKA.readAll(this.topic)).extracting(KafkaRecord::text)
				.containsExactlyInAnyOrder("{\"orderId\":\"o-1\",\"number\":1}", "{\"orderId\":\"o-2\",\"number\":2}");
			assertThat(this.database.number("SELECT count(*) FROM orders")).isEqualTo(2);
		}
	}

	@Test
	void aJpaApplicationDeliversWhatItHasCommitted() {
		try (ConfigurableApplicationContext context = jpa().run()) {
			JpaApplication.Orders orders = context.getBean(JpaApplication.Orders.class);
			orders.place("o-1", 1);
			assertThatIllegalStateException().isThrownBy(() -> orders.placeAndFail("o-2"));
			awaitDelivered(1);
			assertThat(KAFKA.readAll(this.topic)).extracting(KafkaRecord::key).containsExactly("o-1");
			assertThat(this.database.number("SELECT count(*) FROM orders")).isOne();
		}
	}

	/**
	 * The relay neither waits for the application's only connection nor takes it.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aPoolOfOneConnectionIsEnough(boolean ownPool) {
		try (ConfigurableApplicationContext context = jdbc()
			.with("spring.datasource.hikari.maximum-pool-size=1", "outbox.relay.datasource.own-pool=" + ownPool)
			.run()) {
			JdbcApplication.Orders orders = context.getBean(JdbcApplication.Orders.class);
			List<Map<String, Object>> before = settings(context);
			for (int i = 0; i < 20; i++) {
				orders.place("o-" + i, i);
			}
			awaitDelivered(20);
			assertThat(settings(context)).isEqualTo(before);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.datasource.hikari.auto-commit=false", "spring.datasource.connection-fetch=lazy" })
	void theApplicationMaySetUpItsPoolOtherwise(String property) {
		try (ConfigurableApplicationContext context = jdbc().with(property).run()) {
			JdbcApplication.Orders orders = context.getBean(JdbcApplication.Orders.class);
			orders.place("o-1", 1);
			assertThatIllegalStateException().isThrownBy(() -> orders.placeAndFail("o-2"));
			assertThatExceptionOfType(TransactionRequiredException.class)
				.isThrownBy(() -> orders.placeWithoutTransaction("o-4"));
			awaitDelivered(1);
			assertThat(this.database.number("SELECT count(*) FROM orders")).isOne();
		}
	}

	@Test
	void anInstanceThatOnlyPublishesLeavesDeliveryToOthers() {
		try (ConfigurableApplicationContext writer = jdbc().with("outbox.relay.enabled=false").run()) {
			writer.getBean(JdbcApplication.Orders.class).place("o-1", 1);
			assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isOne();
			assertThat(this.database.number("SELECT count(*) FROM outbox_instance")).isZero();
			try (ConfigurableApplicationContext relay = jdbc().run()) {
				writer.getBean(JdbcApplication.Orders.class).place("o-2", 2);
				awaitDelivered(2);
				assertThat(relay.isActive()).isTrue();
			}
			assertThat(this.database.number("SELECT count(*) FROM outbox_instance")).isZero();
		}
	}

	@Test
	void trap15AStoredEventGoesWhereItWasPublishedToAlthoughItsRouteHasChanged() {
		try (ConfigurableApplicationContext writer = jdbc().with("outbox.relay.enabled=false").run()) {
			writer.getBean(JdbcApplication.Orders.class).place("o-1", 1);
		}
		String changed = KAFKA.uniqueTopic(3);
		String route = "outbox.routes.[order.placed].destination=" + changed;
		try (ConfigurableApplicationContext relay = jdbc().with(route).run()) {
			awaitDelivered(1);
			relay.getBean(JdbcApplication.Orders.class).place("o-2", 2);
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(KAFKA.readAll(changed)).hasSize(1));
			assertThat(KAFKA.readAll(changed)).extracting(KafkaRecord::key).containsExactly("o-2");
			assertThat(KAFKA.readAll(this.topic)).extracting(KafkaRecord::key).containsExactly("o-1");
		}
	}

	/**
	 * Also where the schema holds tables of the application already, and with the only
	 * connection of a pool, which Flyway alone would not get along with.
	 */
	@Test
	void flywayCreatesTheTables() {
		TestApplication application = jdbc().with("outbox.schema.mode=flyway",
				"spring.datasource.hikari.maximum-pool-size=1", "spring.datasource.hikari.connection-timeout=2000");
		for (int start = 1; start <= 2; start++) {
			try (ConfigurableApplicationContext context = application.run()) {
				context.getBean(JdbcApplication.Orders.class).place("o-" + start, start);
				awaitDelivered(start);
			}
			assertThat(this.database.number("SELECT count(*) FROM outbox_schema_history WHERE version = '1'")).isOne();
		}
	}

	/**
	 * Nobody can repair a history that only the outbox knows of.
	 */
	@Test
	void flywayGoesOnWhenWhatWasInItsWayIsGone() {
		this.database.sql("CREATE VIEW outbox_setting AS SELECT id AS x FROM orders");
		TestApplication application = jdbc().with("outbox.schema.mode=flyway");
		for (int i = 0; i < 2; i++) {
			assertThatThrownBy(application::run).hasStackTraceContaining("V1__outbox.sql")
				.hasStackTraceContaining("FlywayMigrateException");
		}
		this.database.sql("DROP VIEW outbox_setting");
		try (ConfigurableApplicationContext context = application.run()) {
			context.getBean(JdbcApplication.Orders.class).place("o-1", 1);
			awaitDelivered(1);
		}
	}

	/**
	 * Delivered events are archived, and sent again by a replay, which finds the relay
	 * waiting.
	 */
	@Test
	void anArchivedEventIsDeliveredAgainWhenItIsReplayed() {
		try (ConfigurableApplicationContext context = jdbc()
			.with("outbox.published.mode=archive", "outbox.published.retention=7d", "outbox.relay.poll-interval=1h")
			.run()) {
			context.getBean(JdbcApplication.Orders.class).place("o-1", 1);
			awaitDelivered(1);
			OutboxArchive archive = context.getBean(OutboxArchive.class);
			assertThat(archive.replay("monday", ArchiveFilter.all().withKey("o-1"))).isOne();
			awaitDelivered(2);
			List<KafkaRecord> records = KAFKA.readAll(this.topic);
			assertThat(records).extracting(KafkaRecord::text).containsOnly("{\"orderId\":\"o-1\",\"number\":1}");
			assertThat(records).extracting((record) -> record.headers().get("ce_id")).containsOnly(id(records));
			assertThat(records).extracting((record) -> record.headers().get(ArchiveStore.REPLAY_HEADER))
				.containsExactly(null, "monday");
			assertThat(archive.replay("monday", ArchiveFilter.all().withKey("o-1"))).isZero();
		}
	}

	private static String id(List<KafkaRecord> records) {
		return records.get(0).headers().get("ce_id");
	}

	/**
	 * Returns what a session of the application's pool is set to.
	 */
	abstract List<Map<String, Object>> settings(ConfigurableApplicationContext context);

	private TestApplication jdbc() {
		return TestApplication.of(JdbcApplication.class, this.database)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY,
					"outbox.routes.[order.placed].destination=" + this.topic);
	}

	private TestApplication jpa() {
		return TestApplication.of(JpaApplication.class, this.database)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_FLYWAY, "outbox.routes.[order.placed].destination=" + this.topic);
	}

	private void awaitDelivered(int count) {
		await().atMost(PATIENCE).untilAsserted(() -> {
			List<KafkaRecord> records = KAFKA.readAll(this.topic);
			assertThat(records).hasSize(count);
			assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isZero();
		});
	}

}
