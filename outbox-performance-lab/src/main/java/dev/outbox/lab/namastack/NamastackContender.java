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

package dev.outbox.lab.namastack;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import dev.outbox.lab.app.Broker;
import dev.outbox.lab.app.BrokerConfiguration;
import dev.outbox.lab.app.Contender;
import dev.outbox.lab.app.LabEvent;
import io.namastack.outbox.Outbox;
import io.namastack.outbox.handler.OutboxRecordMetadata;
import io.namastack.outbox.handler.OutboxTypedHandler;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * An application with namastack-outbox, whose handler sends an event and waits for the
 * broker, as its documentation shows.
 */
public final class NamastackContender implements Contender {

	@Override
	public Class<?> application() {
		return Application.class;
	}

	@Override
	public Map<String, Object> properties(boolean relay, boolean tuned) {
		Map<String, Object> properties = new HashMap<>();
		if (!relay) {
			properties.put("spring.autoconfigure.exclude",
					"io.namastack.outbox.config.OutboxCoreSchedulingAutoConfiguration");
		}
		if (tuned) {
			// One read serves many keys, threads are there for as many as the pool of
			// connections allows, and rows do not pile up.
			properties.put("namastack.outbox.polling.batch-size", 2000);
			properties.put("namastack.outbox.polling.fixed.interval", "100ms");
			properties.put("namastack.outbox.processing.executor-core-pool-size", 16);
			properties.put("namastack.outbox.processing.executor-max-pool-size", 16);
			properties.put("namastack.outbox.processing.delete-completed-records", true);
			properties.put("spring.datasource.hikari.maximum-pool-size", 24);
			// Who waits for each event would wait for the producer's default of 5 ms.
			properties.put("spring.kafka.producer.properties.linger.ms", 0);
			properties.put("spring.kafka.producer.batch-size", 131_072);
		}
		return properties;
	}

	@Override
	public Consumer<LabEvent> publisher(ApplicationContext context) {
		Outbox outbox = context.getBean(Outbox.class);
		return (event) -> outbox.schedule(event, event.key());
	}

	/**
	 * The application.
	 */
	@SpringBootApplication
	@Import(BrokerConfiguration.class)
	static class Application {

		@Bean
		Sender sender(Broker broker) {
			return new Sender(broker);
		}

	}

	/**
	 * Sends one event.
	 */
	static final class Sender implements OutboxTypedHandler<LabEvent> {

		private final Broker broker;

		Sender(Broker broker) {
			this.broker = broker;
		}

		@Override
		public void handle(LabEvent payload, OutboxRecordMetadata metadata) {
			this.broker.sendAndWait(payload);
		}

	}

}
