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

import dev.outbox.TransactionRequiredException;
import dev.outbox.archive.OutboxArchive;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.store.ArchiveFilter;
import dev.outbox.store.ArchiveStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * From a service's transaction to the topic, with nothing configured but addresses: in
 * every store.
 */
abstract class DeliveryContract {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private String topic;

	@BeforeEach
	void createTopic() {
		this.topic = KAFKA.uniqueTopic(3);
	}

	final String topic() {
		return this.topic;
	}

	/**
	 * Returns an application with {@link Orders} whose events go to the topic.
	 */
	abstract TestApplication application();

	/**
	 * Returns how many orders are stored.
	 */
	abstract long orders();

	/**
	 * Returns how much a table, or collection, of the outbox holds.
	 * @param table its name without prefix
	 */
	abstract long count(String table);

	@Test
	void anApplicationDeliversWhatItHasCommitted() {
		try (ConfigurableApplicationContext context = application().run()) {
			Orders orders = context.getBean(Orders.class);
			orders.place("o-1", 1);
			orders.placeByApplicationEvent("o-2", 2);
			assertThatIllegalStateException().isThrownBy(() -> orders.placeAndFail("o-3"));
			assertThatExceptionOfType(TransactionRequiredException.class)
				.isThrownBy(() -> orders.placeWithoutTransaction("o-4"));
			awaitDelivered(2);
			assertThat(KAFKA.readAll(this.topic)).extracting(KafkaRecord::key).containsExactlyInAnyOrder("o-1", "o-2");
			assertThat(KAFKA.readAll(this.topic)).extracting(KafkaRecord::text)
				.containsExactlyInAnyOrder("{\"orderId\":\"o-1\",\"number\":1}", "{\"orderId\":\"o-2\",\"number\":2}");
			assertThat(orders()).isEqualTo(2);
		}
	}

	@Test
	void anInstanceThatOnlyPublishesLeavesDeliveryToOthers() {
		try (ConfigurableApplicationContext writer = application().with("outbox.relay.enabled=false").run()) {
			writer.getBean(Orders.class).place("o-1", 1);
			assertThat(count("event")).isOne();
			assertThat(count("instance")).isZero();
			try (ConfigurableApplicationContext relay = application().run()) {
				writer.getBean(Orders.class).place("o-2", 2);
				awaitDelivered(2);
				assertThat(relay.isActive()).isTrue();
			}
			assertThat(count("instance")).isZero();
		}
	}

	/**
	 * Nobody asks for a bean of the outbox: it starts all the same, and hears of events
	 * that are published through Spring.
	 */
	@Test
	void aLazyApplicationDeliversWhatIsThereAndWhatComes() {
		try (ConfigurableApplicationContext writer = application().with("outbox.relay.enabled=false").run()) {
			writer.getBean(Orders.class).place("o-1", 1);
		}
		try (ConfigurableApplicationContext lazy = application().with("spring.main.lazy-initialization=true").run()) {
			awaitDelivered(1);
			lazy.getBean(Orders.class).placeByApplicationEvent("o-2", 2);
			awaitDelivered(2);
		}
	}

	/**
	 * As before a checkpoint and after it is restored (CRaC), and between tests that
	 * share a context.
	 */
	@Test
	void anApplicationThatIsStoppedAndStartedAgainGoesOn() {
		try (ConfigurableApplicationContext context = application().run()) {
			context.getBean(Orders.class).place("o-1", 1);
			awaitDelivered(1);
			context.stop();
			assertThat(count("instance")).isZero();
			context.getBean(Orders.class).place("o-2", 2);
			context.start();
			context.getBean(Orders.class).place("o-3", 3);
			awaitDelivered(3);
			context.stop();
			context.start();
			context.getBean(Orders.class).place("o-4", 4);
			awaitDelivered(4);
		}
	}

	@Test
	void trap15AStoredEventGoesWhereItWasPublishedToAlthoughItsRouteHasChanged() {
		try (ConfigurableApplicationContext writer = application().with("outbox.relay.enabled=false").run()) {
			writer.getBean(Orders.class).place("o-1", 1);
		}
		String changed = KAFKA.uniqueTopic(3);
		String route = "outbox.routes.[order.placed].destination=" + changed;
		try (ConfigurableApplicationContext relay = application().with(route).run()) {
			awaitDelivered(1);
			relay.getBean(Orders.class).place("o-2", 2);
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(KAFKA.readAll(changed)).hasSize(1));
			assertThat(KAFKA.readAll(changed)).extracting(KafkaRecord::key).containsExactly("o-2");
			assertThat(KAFKA.readAll(this.topic)).extracting(KafkaRecord::key).containsExactly("o-1");
		}
	}

	/**
	 * Delivered events are archived, and sent again by a replay, which finds the relay
	 * waiting.
	 */
	@Test
	void anArchivedEventIsDeliveredAgainWhenItIsReplayed() {
		try (ConfigurableApplicationContext context = application()
			.with("outbox.published.mode=archive", "outbox.published.retention=7d", "outbox.relay.poll-interval=1h")
			.run()) {
			context.getBean(Orders.class).place("o-1", 1);
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

	final void awaitDelivered(int count) {
		await().atMost(PATIENCE).untilAsserted(() -> {
			List<KafkaRecord> records = KAFKA.readAll(this.topic);
			assertThat(records).hasSize(count);
			assertThat(count("event")).isZero();
		});
	}

}
