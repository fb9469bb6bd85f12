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

package dev.outbox.it.trace;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.outbox.OutboxMessage;
import dev.outbox.publish.OutboxTemplate;
import io.micrometer.tracing.BaggageManager;
import io.micrometer.tracing.Tracer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.annotation.Exchange;
import org.springframework.amqp.rabbit.annotation.Queue;
import org.springframework.amqp.rabbit.annotation.QueueBinding;
import org.springframework.amqp.rabbit.annotation.RabbitListener;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * A shop that takes orders by HTTP, publishes them and consumes them itself.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class TracedApplication {

	@Bean
	SecurityFilterChain openToAll(HttpSecurity http) {
		return http.csrf(AbstractHttpConfigurer::disable)
			.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
			.build();
	}

	@Bean
	Spans spans() {
		return new Spans();
	}

	@Bean
	SpanProcessor spanProcessor(Spans spans) {
		return SimpleSpanProcessor.create(spans.exporter);
	}

	@Bean
	Received received(ObjectProvider<Tracer> tracer) {
		return new Received(tracer.getIfAvailable());
	}

	/**
	 * The spans that have ended. Not an exporter, for then Spring Boot would export to it
	 * too.
	 */
	static final class Spans {

		private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

		List<SpanData> ended() {
			return this.exporter.getFinishedSpanItems();
		}

	}

	/**
	 * Where orders are taken.
	 */
	@RestController
	static class Counter {

		private final OutboxTemplate outbox;

		Counter(OutboxTemplate outbox) {
			this.outbox = outbox;
		}

		@PostMapping("/orders/{destination}")
		@ResponseStatus(HttpStatus.ACCEPTED)
		void order(@PathVariable String destination) {
			this.outbox.publishTransactional(OutboxMessage.builder()
				.eventType("order.placed")
				.key("o-1")
				.destination(destination)
				.payload("{}")
				.build());
		}

	}

	/**
	 * What the consumers have got.
	 */
	static final class Received {

		private final List<Parcel> parcels = new CopyOnWriteArrayList<>();

		private final @Nullable Tracer tracer;

		Received(@Nullable Tracer tracer) {
			this.tracer = tracer;
		}

		List<Parcel> parcels() {
			return this.parcels;
		}

		private void add(Map<String, String> headers) {
			BaggageManager baggage = this.tracer;
			this.parcels.add(new Parcel(headers, (baggage != null) ? baggage.getAllBaggage() : Map.of()));
		}

	}

	/**
	 * One event as a consumer has got it.
	 *
	 * @param headers its headers
	 * @param baggage the baggage in which it was handled
	 */
	record Parcel(Map<String, String> headers, Map<String, String> baggage) {

	}

	/**
	 * Consumes from Kafka.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty("shop.topic")
	static class KafkaConsumer {

		private final Received received;

		KafkaConsumer(Received received) {
			this.received = received;
		}

		@KafkaListener(topics = "${shop.topic}", groupId = "shop")
		void consume(ConsumerRecord<String, String> event) {
			Map<String, String> headers = new HashMap<>();
			event.headers()
				.forEach((header) -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
			this.received.add(headers);
		}

	}

	/**
	 * Consumes from RabbitMQ.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty("shop.queue")
	static class RabbitConsumer {

		private final Received received;

		RabbitConsumer(Received received) {
			this.received = received;
		}

		@RabbitListener(bindings = @QueueBinding(value = @Queue("${shop.queue}"), exchange = @Exchange("amq.direct"),
				key = "${shop.queue}"))
		void consume(Message message) {
			Map<String, String> headers = new HashMap<>();
			message.getMessageProperties()
				.getHeaders()
				.forEach((name, value) -> headers.put(name, String.valueOf(value)));
			this.received.add(headers);
		}

	}

}
