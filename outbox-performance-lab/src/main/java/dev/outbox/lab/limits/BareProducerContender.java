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

package dev.outbox.lab.limits;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import dev.outbox.lab.app.Contender;
import dev.outbox.lab.app.LabEvent;
import org.apache.kafka.clients.producer.KafkaProducer;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * A producer that sends what is in memory. Nothing is stored, so nothing is safe.
 */
public final class BareProducerContender implements Contender {

	private final Queue<LabEvent> waiting = new ConcurrentLinkedQueue<>();

	@Override
	public Class<?> application() {
		Application.waiting = this.waiting;
		return Application.class;
	}

	@Override
	public Map<String, Object> properties(boolean relay, boolean tuned) {
		return Map.of("lab.relay", relay);
	}

	@Override
	public Consumer<LabEvent> publisher(ApplicationContext context) {
		return this.waiting::add;
	}

	/**
	 * The application.
	 */
	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

		private static Queue<LabEvent> waiting = new ConcurrentLinkedQueue<>();

		@Bean
		@ConditionalOnProperty(name = "lab.relay", havingValue = "true")
		LoopingThread loop(@Value("${spring.kafka.bootstrap-servers}") String servers) {
			KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(LoopingThread.producer(servers));
			Queue<LabEvent> queue = waiting;
			return new LoopingThread(() -> {
				boolean any = false;
				for (LabEvent event = queue.poll(); event != null; event = queue.poll()) {
					producer.send(LoopingThread.toRecord(event.topic(), event.key(),
							event.value().getBytes(StandardCharsets.UTF_8)));
					any = true;
				}
				return any;
			}, producer::close);
		}

	}

}
