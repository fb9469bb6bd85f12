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

package dev.outbox.benchmark.baseline;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import javax.sql.DataSource;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * A relay for one purpose: a cursor, asynchronous sends, deletes by number in batches. No
 * leases, no order per key, no retry: the first failure ends it.
 */
public final class HandWrittenRelay implements AutoCloseable {

	private static final int READ = 2000;

	private static final int DELETE = 4000;

	private static final String SELECT = """
			SELECT seq, event_key, destination, payload, content_type, headers FROM outbox_event
			WHERE seq > ? ORDER BY seq LIMIT ?""";

	private static final String REMOVE = "DELETE FROM outbox_event WHERE seq = ANY (?)";

	private final DataSource dataSource;

	private final Sink sink;

	private final ExecutorService deleter = Executors.newSingleThreadExecutor();

	/**
	 * Creates a relay with a producer that lives as long as it does.
	 * @param dataSource where to get connections
	 * @param producer settings of the producer
	 */
	public HandWrittenRelay(DataSource dataSource, Map<String, Object> producer) {
		this(dataSource, new KafkaSink(producer));
	}

	/**
	 * Creates a relay to any broker.
	 * @param dataSource where to get connections
	 * @param sink sends, and is closed together with the relay
	 */
	public HandWrittenRelay(DataSource dataSource, Sink sink) {
		this.dataSource = dataSource;
		this.sink = sink;
	}

	/**
	 * Sends and deletes what waits in the table.
	 * @param events how many rows there are
	 * @throws Exception if anything fails
	 */
	public void drain(long events) throws Exception {
		BlockingQueue<Long> acknowledged = new LinkedBlockingQueue<>();
		AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
		Callable<Long> deletion = () -> delete(events, acknowledged, failure);
		Future<Long> deleted = this.deleter.submit(deletion);
		try (Connection connection = this.dataSource.getConnection();
				PreparedStatement statement = connection.prepareStatement(SELECT)) {
			long cursor = 0;
			for (long sent = 0; sent < events;) {
				statement.setLong(1, cursor);
				statement.setInt(2, READ);
				try (ResultSet row = statement.executeQuery()) {
					while (row.next()) {
						cursor = row.getLong(1);
						sent++;
						send(row, cursor, acknowledged, failure);
					}
				}
			}
		}
		try {
			deleted.get();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("The hand-written relay has failed", ex.getCause());
		}
	}

	private void send(ResultSet row, long seq, BlockingQueue<Long> acknowledged,
			AtomicReference<@Nullable Exception> failure) throws Exception {
		Message message = new Message(row.getString(3), row.getString(2), row.getBytes(4), row.getString(5),
				row.getString(6));
		this.sink.send(message, (exception) -> {
			if (exception != null) {
				failure.set(exception);
			}
			acknowledged.add(seq);
		});
	}

	private long delete(long events, BlockingQueue<Long> acknowledged, AtomicReference<@Nullable Exception> failure)
			throws Exception {
		long deleted = 0;
		List<Long> batch = new ArrayList<>();
		try (Connection connection = this.dataSource.getConnection()) {
			connection.createStatement().execute("SET synchronous_commit = off");
			try (PreparedStatement statement = connection.prepareStatement(REMOVE)) {
				while (deleted < events) {
					Long first = acknowledged.poll(30, TimeUnit.SECONDS);
					Exception failed = failure.get();
					if (first == null || failed != null) {
						throw new IllegalStateException("Stopped after " + deleted + " of " + events, failed);
					}
					batch.add(first);
					acknowledged.drainTo(batch, DELETE - 1);
					statement.setArray(1, connection.createArrayOf("bigint", batch.toArray()));
					deleted += statement.executeUpdate();
					batch.clear();
				}
			}
		}
		return deleted;
	}

	@Override
	public void close() {
		this.deleter.shutdownNow();
		this.sink.close();
	}

	/**
	 * What a row says.
	 *
	 * @param destination where to send it
	 * @param key the key, if there is one
	 * @param payload the payload
	 * @param contentType the payload's type
	 * @param headers further headers in JSON, if there are any
	 */
	public record Message(String destination, @Nullable String key, byte[] payload, String contentType,
			@Nullable String headers) {

	}

	/**
	 * Sends to a broker, as fast as it can.
	 */
	public interface Sink extends AutoCloseable {

		/**
		 * Sends one event.
		 * @param message the event
		 * @param done is told when the broker has it, or why it has not
		 * @throws Exception if it cannot be sent at all
		 */
		void send(Message message, Consumer<@Nullable Exception> done) throws Exception;

		@Override
		void close();

	}

	private static final class KafkaSink implements Sink {

		private final JsonMapper json = JsonMapper.builder().build();

		private final KafkaProducer<byte @Nullable [], byte[]> producer;

		KafkaSink(Map<String, Object> producer) {
			Properties properties = new Properties();
			properties.putAll(producer);
			this.producer = new KafkaProducer<>(properties);
		}

		@Override
		public void send(Message message, Consumer<@Nullable Exception> done) {
			byte[] keyBytes = (message.key() != null) ? message.key().getBytes(StandardCharsets.UTF_8) : null;
			ProducerRecord<byte @Nullable [], byte[]> record = new ProducerRecord<>(message.destination(), keyBytes,
					message.payload());
			record.headers().add("content-type", message.contentType().getBytes(StandardCharsets.UTF_8));
			if (message.headers() != null) {
				this.json.readTree(message.headers())
					.properties()
					.forEach((header) -> record.headers()
						.add(header.getKey(), header.getValue().asString().getBytes(StandardCharsets.UTF_8)));
			}
			this.producer.send(record, (metadata, exception) -> done.accept(exception));
		}

		@Override
		public void close() {
			this.producer.close();
		}

	}

}
