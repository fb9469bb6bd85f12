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

package dev.outbox.lab;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A plain consumer without a group.
 */
final class KafkaArrivals extends Arrivals {

	private final Clock clock = Clock.systemUTC();

	private final CountDownLatch ready = new CountDownLatch(1);

	private final Thread thread;

	private volatile boolean closed;

	KafkaArrivals(String servers, String topic) throws InterruptedException {
		this.thread = new Thread(() -> consume(servers, topic), "arrivals-" + topic);
		this.thread.setDaemon(true);
		this.thread.start();
		this.ready.await();
	}

	private void consume(String servers, String topic) {
		Map<String, Object> properties = Map.of("bootstrap.servers", servers, "key.deserializer",
				ByteArrayDeserializer.class, "value.deserializer", ByteArrayDeserializer.class, "auto.offset.reset",
				"latest", "enable.auto.commit", false, "max.poll.records", 500);
		try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties)) {
			List<TopicPartition> partitions = consumer.partitionsFor(topic)
				.stream()
				.map((info) -> new TopicPartition(topic, info.partition()))
				.toList();
			consumer.assign(partitions);
			consumer.seekToEnd(partitions);
			partitions.forEach(consumer::position);
			this.ready.countDown();
			while (!this.closed) {
				ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(50));
				long nanos = System.nanoTime();
				long micros = ChronoUnit.MICROS.between(Instant.EPOCH, this.clock.instant());
				Ledger ledger = ledger();
				for (ConsumerRecord<byte[], byte[]> record : records) {
					ledger.arrived(record.value(), nanos, micros);
				}
			}
		}
		finally {
			this.ready.countDown();
		}
	}

	@Override
	public void close() {
		this.closed = true;
		try {
			this.thread.join(10_000);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
