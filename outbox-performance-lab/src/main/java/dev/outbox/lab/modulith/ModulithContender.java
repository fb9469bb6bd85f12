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

package dev.outbox.lab.modulith;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import dev.outbox.lab.app.Broker;
import dev.outbox.lab.app.BrokerConfiguration;
import dev.outbox.lab.app.Contender;
import dev.outbox.lab.app.LabEvent;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.TaskExecutor;
import org.springframework.modulith.events.EventExternalizationConfiguration;
import org.springframework.modulith.events.IncompleteEventPublications;
import org.springframework.modulith.events.ResubmissionOptions;
import org.springframework.modulith.events.RoutingTarget;
import org.springframework.modulith.events.support.EventExternalizationTransport;
import org.springframework.modulith.events.support.EventExternalizerModuleListener;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * An application with events of Spring Modulith that are sent to the broker. What its
 * broker modules do is done here by one bean, in the same way.
 */
public final class ModulithContender implements Contender {

	@Override
	public Class<?> application() {
		return Application.class;
	}

	@Override
	public Map<String, Object> properties(boolean relay, boolean tuned) {
		Map<String, Object> properties = new HashMap<>();
		properties.put("spring.modulith.events.jdbc.schema-initialization.enabled", true);
		properties.put("lab.relay", relay);
		properties.put("lab.tuned", tuned);
		// Without it, what waits is never sent.
		properties.put("spring.modulith.events.republish-outstanding-events-on-restart", relay);
		if (tuned) {
			properties.put("spring.modulith.events.completion-mode", "delete");
			properties.put("spring.task.execution.pool.core-size", 16);
			properties.put("spring.datasource.hikari.maximum-pool-size", 24);
			// Who waits for each event would wait for the producer's default of 5 ms.
			properties.put("spring.kafka.producer.properties.linger.ms", 0);
			properties.put("spring.kafka.producer.batch-size", 131_072);
		}
		return properties;
	}

	@Override
	public Consumer<LabEvent> publisher(ApplicationContext context) {
		return context::publishEvent;
	}

	/**
	 * The application.
	 */
	@SpringBootApplication
	@EnableScheduling
	@Import(BrokerConfiguration.class)
	static class Application {

		@Bean
		EventExternalizationConfiguration externalization() {
			return EventExternalizationConfiguration.externalizing()
				.select((event) -> event instanceof LabEvent)
				.route(LabEvent.class, (event) -> RoutingTarget.forTarget(event.topic()).andKey(event.key()))
				.build();
		}

		@Bean
		EventExternalizerModuleListener externalizer(EventExternalizationConfiguration configuration, Broker broker) {
			EventExternalizationTransport transport = (payload, target) -> broker.send((LabEvent) payload);
			return new EventExternalizerModuleListener(configuration, transport);
		}

		/**
		 * As after a crash between the commit and the call of the listener.
		 */
		@Bean
		@ConditionalOnProperty(name = "lab.relay", havingValue = "false")
		TaskExecutor applicationTaskExecutor() {
			return (task) -> {
			};
		}

		@Bean
		@ConditionalOnProperty(name = { "lab.relay", "lab.tuned" }, havingValue = "true")
		Resubmission resubmission(IncompleteEventPublications publications) {
			return new Resubmission(publications);
		}

	}

	/**
	 * Tries again what has failed.
	 */
	static class Resubmission {

		private final IncompleteEventPublications publications;

		Resubmission(IncompleteEventPublications publications) {
			this.publications = publications;
		}

		/**
		 * Try again.
		 */
		@Scheduled(fixedDelay = 1000)
		void resubmit() {
			this.publications.resubmitIncompletePublications(ResubmissionOptions.defaults().withBatchSize(1000));
		}

	}

}
