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

package dev.outbox.it.instances;

import java.util.List;

import dev.outbox.Destination;
import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.Operator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator does with one of several outboxes.
 */
class NamedStoresTests {

	private final H2Database database = H2Database.fresh();

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void deadLettersOfANamedOutboxAreReplayedAndDiscardedAndItsDestinationsPaused() {
		try (ConfigurableApplicationContext context = application().run()) {
			Tenants.Services services = context.getBean(Tenants.Services.class);
			services.order("b", "b-1", false);
			services.order("b", "b-2", false);
			die("b_");
			Admin operator = context.getAutowireCapableBeanFactory().createBean(Admin.class);
			assertThat(operator.ofA().list(DeadLetterFilter.all(), 0, 10)).isEmpty();
			List<DeadLetter> dead = operator.ofB().list(DeadLetterFilter.all(), 0, 10);
			assertThat(dead).extracting((letter) -> letter.event().key()).containsExactly("b-1", "b-2");
			assertThat(operator.ofA().replay(dead.get(0).number(), new Operator("test"))).isFalse();
			assertThat(operator.ofB().replay(dead.get(0).number(), new Operator("test"))).isTrue();
			assertThat(operator.ofB().discard(dead.get(1).number(), new Operator("test"))).isTrue();
			assertThat(this.database.value("SELECT event_key FROM b_event")).isEqualTo("b-1");
			assertThat(this.database.number("SELECT count(*) FROM b_dead_letter")).isZero();
			assertThat(operator.holdsOfB().pause(new Destination("kafka", "orders"), new Operator("test"))).isTrue();
			assertThat(this.database.value("SELECT destination FROM b_destination_state")).isEqualTo("orders");
			assertThat(this.database.number("SELECT count(*) FROM a_destination_state")).isZero();
		}
	}

	/**
	 * The events of an outbox are given up.
	 */
	private void die(String prefix) {
		String columns = "seq, id, part, event_key, aggregate_type, aggregate_id, event_type, event_version, transport,"
				+ " destination, options, content_type, headers, payload, created_at, attempts, first_failed_at";
		this.database.sql("INSERT INTO " + prefix + "dead_letter (" + columns + ", died_at, error, fingerprint) SELECT "
				+ columns + ", current_timestamp, 'told to die', '0123456789abcdef' FROM " + prefix
				+ "event ORDER BY seq", "DELETE FROM " + prefix + "event");
	}

	private TestApplication application() {
		return TestApplication.of(Tenants.class, this.database)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "outbox.relay.enabled=false",
					"outbox.transport=kafka", "outbox.routes.[thing.placed].destination=orders",
					"outbox.instances.a.store.table-prefix=a_", "outbox.instances.b.store.table-prefix=b_");
	}

	/**
	 * Has what an operator needs.
	 *
	 * @param ofA dead letters of one outbox
	 * @param ofB dead letters of another one
	 * @param holdsOfB what is held back of that
	 */
	record Admin(@Qualifier("a") DeadLetterStore ofA, @Qualifier("b") DeadLetterStore ofB,
			@Qualifier("b") HoldStore holdsOfB) {

	}

}
