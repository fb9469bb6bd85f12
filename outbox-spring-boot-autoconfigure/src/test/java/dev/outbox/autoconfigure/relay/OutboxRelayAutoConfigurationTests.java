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

package dev.outbox.autoconfigure.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.autoconfigure.retry.OutboxRetryAutoConfiguration;
import dev.outbox.autoconfigure.stub.EmptyStore;
import dev.outbox.autoconfigure.stub.StubTransport;
import dev.outbox.diagnostics.NoTransportException;
import dev.outbox.listener.OutboxListener;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.Ordering;
import dev.outbox.relay.RelaySettings;
import dev.outbox.relay.RoutePolicy;
import dev.outbox.retry.ExponentialRetryPolicy;
import dev.outbox.retry.RetryDecision;
import dev.outbox.retry.RetryPolicy;
import org.junit.jupiter.api.Test;

import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class OutboxRelayAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(OutboxRetryAutoConfiguration.class, OutboxRelayAutoConfiguration.class));

	private final ApplicationContextRunner withStore = this.runner.withBean(EmptyStore.class);

	private final ApplicationContextRunner complete = this.withStore.withBean("stub", StubTransport.class,
			() -> new StubTransport("stub"));

	@Test
	void startsAndStopsWithTheApplication() {
		this.complete.run((context) -> {
			EmptyStore store = context.getBean(EmptyStore.class);
			OutboxRelay relay = context.getBean(OutboxRelay.class);
			assertThat(relay.isRunning()).isTrue();
			await().untilAsserted(() -> assertThat(relay.status().lanes().get("stub").partitions()).hasSize(64));
			context.close();
			assertThat(relay.isRunning()).isFalse();
			assertThat(store.joined).isFalse();
		});
	}

	@Test
	void startsAlthoughBeansAreLazy() {
		this.complete
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.run((context) -> assertThat(context.getBean(EmptyStore.class).joined)
				.satisfies((joined) -> await().untilTrue(joined)));
	}

	@Test
	void doesNotStartByItselfWhenToldNotTo() {
		this.complete.withPropertyValues("outbox.relay.auto-startup=false").run((context) -> {
			assertThat(context.getBean(OutboxRelay.class).isRunning()).isFalse();
			context.getBean(OutboxRelay.class).start();
			assertThat(context.getBean(OutboxRelay.class).isRunning()).isTrue();
		});
	}

	@Test
	void isAbsentWhereEventsAreOnlyPublished() {
		this.complete.withPropertyValues("outbox.relay.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(OutboxRelay.class)
				.doesNotHaveBean(OutboxRelayLifecycle.class));
	}

	@Test
	void isAbsentWhenTheOutboxIsDisabled() {
		this.complete.withPropertyValues("outbox.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(OutboxRelay.class)
				.doesNotHaveBean(RetryPolicy.class));
	}

	@Test
	void isAbsentWithoutAStore() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(OutboxRelay.class));
	}

	@Test
	void failsToStartWithoutATransport() {
		this.withStore
			.run((context) -> assertThat(context).getFailure().hasRootCauseInstanceOf(NoTransportException.class));
	}

	@Test
	void settingsComeFromTheProperties() {
		this.complete
			.withPropertyValues("outbox.relay.auto-startup=false", "outbox.relay.partitions=8",
					"outbox.relay.batch-size=9", "outbox.relay.max-in-flight.events=10",
					"outbox.relay.max-in-flight.bytes=11KB", "outbox.relay.lease=12s",
					"outbox.relay.poll-interval=13ms", "outbox.relay.sweep-interval=14m", "outbox.publish-timeout=15s",
					"outbox.relay.destination-pause=16ms", "outbox.relay.max-destination-pause=17s",
					"outbox.relay.instance-name=one", "outbox.dead-letter.topic.name=dead")
			.run((context) -> {
				assertThat(context.getBean(RelaySettings.class))
					.isEqualTo(settings(context.getBean(RoutePolicy.class)));
			});
	}

	@Test
	void defaultSettingsAreThoseOfTheLibrary() {
		this.complete.withPropertyValues("outbox.relay.auto-startup=false").run((context) -> {
			RelaySettings settings = context.getBean(RelaySettings.class);
			RelaySettings defaults = RelaySettings.defaults();
			assertThat(settings).usingRecursiveComparison().ignoringFields("routes", "instance").isEqualTo(defaults);
			assertThat(settings.instance()).endsWith(":" + ProcessHandle.current().pid());
			OutboxRecord event = event("order.placed");
			assertThat(settings.routes().ordering(event)).isEqualTo(defaults.routes().ordering(event));
			assertThat(settings.routes().blocksKeyWhenDead(event))
				.isEqualTo(defaults.routes().blocksKeyWhenDead(event));
		});
	}

	@Test
	void aRouteOverridesTheOrderingOfTheRelay() {
		this.complete
			.withPropertyValues("outbox.relay.auto-startup=false", "outbox.relay.ordering=none",
					"outbox.relay.on-dead-letter=block", "outbox.routes.[order.placed].ordering=pipelined",
					"outbox.routes.[order.paid].on-dead-letter=continue")
			.run((context) -> {
				RoutePolicy routes = context.getBean(RoutePolicy.class);
				assertThat(routes.ordering(event("order.placed"))).isEqualTo(Ordering.PIPELINED);
				assertThat(routes.ordering(event("order.paid"))).isEqualTo(Ordering.NONE);
				assertThat(routes.blocksKeyWhenDead(event("order.placed"))).isTrue();
				assertThat(routes.blocksKeyWhenDead(event("order.paid"))).isFalse();
			});
	}

	@Test
	void backsOffFromTheApplicationsOwnBeans() {
		RetryPolicy policy = (kind, attempts, failingFor) -> new RetryDecision.GiveUp("never");
		this.complete.withBean(RetryPolicy.class, () -> policy)
			.withBean(RoutePolicy.class, () -> RoutePolicy.uniform(Ordering.NONE, true))
			.withBean(RelaySettings.class, RelaySettings::defaults)
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(RetryPolicy.class)
				.doesNotHaveBean(ExponentialRetryPolicy.class)
				.hasSingleBean(RoutePolicy.class)
				.hasSingleBean(RelaySettings.class)
				.hasSingleBean(OutboxRelay.class));
	}

	@Test
	void backsOffFromTheApplicationsOwnRelay() {
		OutboxRelay own = new OutboxRelay(new EmptyStore(), new EmptyStore(), new EmptyStore(),
				List.of(new StubTransport("own")), (kind, attempts, failingFor) -> new RetryDecision.GiveUp("never"),
				new OutboxListener() {
				}, RelaySettings.defaults());
		this.complete.withBean(OutboxRelay.class, () -> own)
			.run((context) -> assertThat(context.getBean(OutboxRelay.class)).isSameAs(own));
	}

	@Test
	void tellsTheApplicationsListeners() {
		List<Integer> told = new ArrayList<>();
		this.complete.withBean(OutboxListener.class, () -> new OutboxListener() {

			@Override
			public void onOwnershipChanged(String transport, Set<Integer> partitions) {
				told.add(partitions.size());
			}

		}).run((context) -> await().untilAsserted(() -> assertThat(told).contains(64)));
	}

	/**
	 * Web servers stop accepting requests at MAX - 1024 and end at MAX - 2048; producers
	 * and connection factories end at MIN.
	 */
	@Test
	void stopsAfterTheWebServerAndBeforeTheProducers() {
		List<String> stopped = new ArrayList<>();
		this.withStore.withUserConfiguration(Phases.class)
			.withBean("stub", StubTransport.class, () -> new StubTransport("stub"))
			.run((context) -> {
				OutboxRelay relay = context.getBean(OutboxRelay.class);
				Phases.watch(context, relay, stopped);
				StubTransport transport = context.getBean(StubTransport.class);
				context.close();
				assertThat(stopped).containsExactly("web: relay runs", "producers: relay has stopped");
				assertThat(transport.closed).isTrue();
			});
	}

	private static RelaySettings settings(RoutePolicy routes) {
		return new RelaySettings(8, 9, 10, 11 * 1024, Duration.ofSeconds(12), Duration.ofMillis(13),
				Duration.ofMinutes(14), Duration.ofSeconds(15), Duration.ofMillis(16), Duration.ofSeconds(17), routes,
				"one", true);
	}

	private static OutboxRecord event(String type) {
		return new OutboxRecord(new UUID(0, 1), null, null, null, type, 1, new Destination("stub", "orders"), Map.of(),
				"text/plain", Map.of(), new byte[0], Instant.EPOCH);
	}

	@Configuration(proxyBeanMethods = false)
	static class Phases {

		@Bean
		Probe web() {
			return new Probe("web", Integer.MAX_VALUE - 2048);
		}

		@Bean
		Probe producers() {
			return new Probe("producers", Integer.MIN_VALUE);
		}

		static void watch(ApplicationContext context, OutboxRelay relay, List<String> stopped) {
			context.getBeansOfType(Probe.class).values().forEach((probe) -> probe.watch(relay, stopped));
		}

	}

	static class Probe implements SmartLifecycle {

		private final String name;

		private final int phase;

		private boolean running;

		private Runnable onStop = () -> {
		};

		Probe(String name, int phase) {
			this.name = name;
			this.phase = phase;
		}

		void watch(OutboxRelay relay, List<String> stopped) {
			this.onStop = () -> stopped.add(this.name + (relay.isRunning() ? ": relay runs" : ": relay has stopped"));
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
			this.onStop.run();
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return this.phase;
		}

	}

}
