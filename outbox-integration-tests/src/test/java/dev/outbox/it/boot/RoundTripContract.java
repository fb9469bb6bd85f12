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

import java.util.List;
import java.util.Map;

import dev.outbox.TransactionRequiredException;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.fixtures.jdbc.TestDatabase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * From a service's transaction to the topic, on every database with tables.
 */
abstract class RoundTripContract extends DeliveryContract {

	private final TestDatabase<?> database;

	RoundTripContract(TestDatabase<?> database) {
		this.database = database;
	}

	@BeforeEach
	void createBusinessTable() {
		this.database.sql("CREATE TABLE orders (id varchar(100) PRIMARY KEY, quantity integer NOT NULL)");
	}

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void aJpaApplicationDeliversWhatItHasCommitted() {
		try (ConfigurableApplicationContext context = jpa().run()) {
			JpaApplication.Orders orders = context.getBean(JpaApplication.Orders.class);
			orders.place("o-1", 1);
			assertThatIllegalStateException().isThrownBy(() -> orders.placeAndFail("o-2"));
			awaitDelivered(1);
			assertThat(KAFKA.readAll(topic())).extracting(KafkaRecord::key).containsExactly("o-1");
			assertThat(orders()).isOne();
		}
	}

	/**
	 * The relay neither waits for the application's only connection nor takes it.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void aPoolOfOneConnectionIsEnough(boolean ownPool) {
		try (ConfigurableApplicationContext context = application()
			.with("spring.datasource.hikari.maximum-pool-size=1", "outbox.relay.datasource.own-pool=" + ownPool)
			.run()) {
			Orders orders = context.getBean(Orders.class);
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
		try (ConfigurableApplicationContext context = application().with(property).run()) {
			Orders orders = context.getBean(Orders.class);
			orders.place("o-1", 1);
			assertThatIllegalStateException().isThrownBy(() -> orders.placeAndFail("o-2"));
			assertThatExceptionOfType(TransactionRequiredException.class)
				.isThrownBy(() -> orders.placeWithoutTransaction("o-4"));
			awaitDelivered(1);
			assertThat(orders()).isOne();
		}
	}

	/**
	 * Also where the schema holds tables of the application already, and with the only
	 * connection of a pool, which Flyway alone would not get along with.
	 */
	@Test
	void flywayCreatesTheTables() {
		TestApplication application = application().with("outbox.schema.mode=flyway",
				"spring.datasource.hikari.maximum-pool-size=1", "spring.datasource.hikari.connection-timeout=2000");
		for (int start = 1; start <= 2; start++) {
			try (ConfigurableApplicationContext context = application.run()) {
				context.getBean(Orders.class).place("o-" + start, start);
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
		TestApplication application = application().with("outbox.schema.mode=flyway");
		for (int i = 0; i < 2; i++) {
			assertThatThrownBy(application::run).hasStackTraceContaining("V1__outbox.sql")
				.hasStackTraceContaining("FlywayMigrateException");
		}
		this.database.sql("DROP VIEW outbox_setting");
		try (ConfigurableApplicationContext context = application.run()) {
			context.getBean(Orders.class).place("o-1", 1);
			awaitDelivered(1);
		}
	}

	/**
	 * Returns what a session of the application's pool is set to.
	 */
	abstract List<Map<String, Object>> settings(ConfigurableApplicationContext context);

	@Override
	final TestApplication application() {
		return TestApplication.of(JdbcApplication.class, this.database)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY,
					"outbox.routes.[order.placed].destination=" + topic());
	}

	@Override
	final long orders() {
		return this.database.number("SELECT count(*) FROM orders");
	}

	@Override
	final long count(String table) {
		return this.database.number("SELECT count(*) FROM outbox_" + table);
	}

	private TestApplication jpa() {
		return TestApplication.of(JpaApplication.class, this.database)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_FLYWAY, "outbox.routes.[order.placed].destination=" + topic());
	}

}
