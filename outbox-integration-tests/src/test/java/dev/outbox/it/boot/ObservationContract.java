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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.outbox.OutboxMessage;
import dev.outbox.actuate.OutboxHealthIndicator;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.net.FaultProxy;
import dev.outbox.publish.OutboxTemplate;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.store.SharedBacklogStore;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.MeterNotFoundException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

/**
 * What the meters and the health of an application show of its outbox: in every store.
 */
abstract class ObservationContract {

	/**
	 * What the application's producer takes.
	 */
	private static final int LARGEST = 10_000;

	private static final Pattern SERVER = Pattern.compile("//[^/]+:(\\d+)");

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private String topic;

	private FaultProxy proxy;

	private ConfigurableApplicationContext context;

	@BeforeEach
	void startApplication() {
		this.topic = KAFKA.uniqueTopic(1);
		Matcher server = SERVER.matcher(url());
		assertThat(server.find()).isTrue();
		this.proxy = FaultProxy.to(Integer.parseInt(server.group(1)));
		this.context = application(server.replaceFirst("//127.0.0.1:" + this.proxy.port())).on(KAFKA)
			.with("outbox.metrics.interval=1s", "spring.kafka.producer.properties.max.request.size=" + LARGEST)
			.run();
		awaitValues().untilAsserted(() -> assertThat(meters().find("outbox.relay.owned").gauges())
			.extracting((gauge) -> gauge.getId().getTag("transport"), Gauge::value)
			.containsExactlyInAnyOrder(tuple("kafka", 64d), tuple("rabbit", 64d)));
	}

	@AfterEach
	void stopApplication() {
		this.proxy.restore();
		this.context.close();
		this.proxy.close();
		dropDatabase();
	}

	/**
	 * Returns the address of the database.
	 */
	abstract String url();

	/**
	 * Returns an application with a database at an address, which does not wait for it
	 * for longer than a second.
	 */
	abstract TestApplication application(String url);

	abstract void dropDatabase();

	@Test
	void metersAndHealthShowWhatIsInTheOutbox() {
		awaitValues().untilAsserted(() -> {
			assertThat(waiting()).isZero();
			assertThat(oldest()).isZero();
			assertThat(this.context.getBean(SharedBacklogStore.class).read()).as("known to other instances")
				.isPresent();
		});
		publish(message("sent"));
		publish(message("later").deliverAfter(Duration.ofHours(1)));
		publish(message("large").payload(" ".repeat(2 * LARGEST)));
		awaitValues().untilAsserted(() -> {
			assertThat(counter("outbox.published")).isOne();
			assertThat(counter("outbox.dead")).isOne();
			assertThat(waiting()).isZero();
			assertThat(records("scheduled")).isOne();
			assertThat(records("dead")).isOne();
		});
		assertThat(meters().get("outbox.delivery.lag").tag("destination", this.topic).timer().count()).isOne();
		assertThat(meters().get("outbox.relay.rescued").tag("transport", "kafka").functionCounter().count()).isZero();
		this.context.getBean(OutboxRelay.class).stop(Duration.ofSeconds(10));
		publish(message("one"));
		publish(message("two"));
		awaitValues().untilAsserted(() -> assertThat(waiting()).isEqualTo(2));
		double age = oldest();
		awaitValues().untilAsserted(() -> assertThat(oldest()).isGreaterThan(age));
		Health health = health();
		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("waiting", 2L)
			.containsEntry("scheduled", 1L)
			.containsEntry("dead", 1L)
			.containsEntry("relay", "stopped")
			.hasEntrySatisfying("oldestAge", (shown) -> assertThat(Duration.parse(shown.toString())).isPositive());
	}

	/**
	 * Zero would say that all is well.
	 */
	@Test
	void whatCannotBeReadIsNotZeroAndTheHealthIsDown() {
		publish(message("later").deliverAfter(Duration.ofHours(1)));
		awaitValues().untilAsserted(() -> assertThat(records("scheduled")).isOne());
		assertThat(health().getStatus()).isEqualTo(Status.UP);
		this.proxy.refuse();
		awaitValues().untilAsserted(() -> assertThat(health().getStatus()).isEqualTo(Status.DOWN));
		assertThat(health().getDetails()).containsKey("store").doesNotContainKey("waiting");
		for (String status : new String[] { "waiting", "scheduled", "dead" }) {
			assertThat(records(status)).isNaN();
		}
		assertThat(oldest()).isNaN();
		this.proxy.restore();
		awaitValues().untilAsserted(() -> assertThat(health().getStatus()).isEqualTo(Status.UP));
		assertThat(records("scheduled")).isOne();
	}

	/**
	 * Dashboards and alerts are written from the reference.
	 */
	@Test
	void aScrapeShowsExactlyWhatTheReferencePromises() throws IOException {
		publish(message("sent"));
		Set<String> promised = new TreeSet<>(Set.of("outbox_store_seconds", "outbox_store_active_seconds"));
		Pattern row = Pattern.compile("^\\| `[a-z.]+` \\| `([a-z_]+)` ", Pattern.MULTILINE);
		Matcher documented = row.matcher(Files.readString(Path.of("..", "docs", "reference", "meters.md")));
		while (documented.find()) {
			promised.add(documented.group(1));
		}
		awaitValues().untilAsserted(() -> assertThat(families()).containsExactlyInAnyOrderElementsOf(promised));
		String labels = this.context.getBean(PrometheusMeterRegistry.class).scrape();
		assertThat(labels).contains("outbox_delivery_lag_seconds_bucket{destination=\"" + this.topic
				+ "\",transport=\"kafka\",le=\"0.5\"}");
	}

	private Set<String> families() {
		Set<String> families = new TreeSet<>();
		Matcher type = Pattern.compile("^# TYPE (outbox_\\w+) ", Pattern.MULTILINE)
			.matcher(this.context.getBean(PrometheusMeterRegistry.class).scrape());
		while (type.find()) {
			families.add(type.group(1).replaceFirst("_max$", ""));
		}
		return families;
	}

	String topic() {
		return this.topic;
	}

	ConfigurableApplicationContext context() {
		return this.context;
	}

	OutboxMessage.Builder message(String key) {
		return OutboxMessage.builder().eventType("order.placed").key(key).destination(this.topic).payload("{}");
	}

	void publish(OutboxMessage.Builder message) {
		this.context.getBean(OutboxTemplate.class).publishTransactional(message.build());
	}

	private Health health() {
		return this.context.getBean(OutboxHealthIndicator.class).health();
	}

	private double waiting() {
		return records("waiting");
	}

	private double records(String status) {
		return meters().get("outbox.records").tag("status", status).gauge().value();
	}

	private double oldest() {
		return meters().get("outbox.oldest.age").timeGauge().value();
	}

	private double counter(String name) {
		return meters().get(name).tags("transport", "kafka", "destination", this.topic).counter().count();
	}

	private MeterRegistry meters() {
		return this.context.getBean(MeterRegistry.class);
	}

	/**
	 * Some meters are there only when there is something to show.
	 */
	private static ConditionFactory awaitValues() {
		return await().atMost(Duration.ofSeconds(60)).ignoreExceptionsInstanceOf(MeterNotFoundException.class);
	}

}
