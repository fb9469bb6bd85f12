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

import java.io.IOException;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import org.jspecify.annotations.Nullable;

/**
 * Publisher confirms of RabbitMQ, written by hand as the client's tutorial does: one
 * channel, many messages on their way, a map from their numbers to who waits for them.
 */
public final class ConfirmPipeline implements HandWrittenRelay.Sink {

	private static final int WINDOW = 10_000;

	private final Connection connection;

	private final Channel channel;

	private final Semaphore window = new Semaphore(WINDOW);

	private final ConcurrentNavigableMap<Long, Consumer<@Nullable Exception>> waiting = new ConcurrentSkipListMap<>();

	private final Map<String, Object> headers;

	/**
	 * Opens a connection.
	 * @param factory what opens it
	 * @param headers headers of each message
	 * @throws IOException if the broker refuses it
	 * @throws TimeoutException if the broker does not answer
	 */
	public ConfirmPipeline(ConnectionFactory factory, Map<String, Object> headers)
			throws IOException, TimeoutException {
		this.headers = headers;
		this.connection = factory.newConnection();
		this.channel = this.connection.createChannel();
		this.channel.confirmSelect();
		this.channel.addConfirmListener((tag, multiple) -> confirmed(tag, multiple, null),
				(tag, multiple) -> confirmed(tag, multiple,
						new IllegalStateException("The broker has not accepted message " + tag)));
	}

	private void confirmed(long tag, boolean multiple, @Nullable Exception failure) {
		if (!multiple) {
			done(this.waiting.remove(tag), failure);
			return;
		}
		ConcurrentNavigableMap<Long, Consumer<@Nullable Exception>> all = this.waiting.headMap(tag, true);
		for (var first = all.pollFirstEntry(); first != null; first = all.pollFirstEntry()) {
			done(first.getValue(), failure);
		}
	}

	private void done(@Nullable Consumer<@Nullable Exception> sender, @Nullable Exception failure) {
		if (sender != null) {
			this.window.release();
			sender.accept(failure);
		}
	}

	@Override
	public void send(HandWrittenRelay.Message message, Consumer<@Nullable Exception> done)
			throws IOException, InterruptedException {
		this.window.acquire();
		this.waiting.put(this.channel.getNextPublishSeqNo(), done);
		BasicProperties properties = new BasicProperties.Builder().deliveryMode(2)
			.contentType(message.contentType())
			.headers(this.headers)
			.build();
		String key = (message.key() != null) ? message.key() : "";
		this.channel.basicPublish(message.destination(), key, true, properties, message.payload());
	}

	/**
	 * Sends messages without a database and waits until all are confirmed: the ceiling.
	 * @param exchange where to
	 * @param events how many
	 * @param payloadBytes size of each
	 * @throws Exception if one of them is not confirmed
	 */
	public void send(String exchange, long events, int payloadBytes) throws Exception {
		CountDownLatch left = new CountDownLatch((int) events);
		Random random = new Random(events);
		for (long i = 0; i < events; i++) {
			byte[] payload = new byte[payloadBytes];
			random.nextBytes(payload);
			send(new HandWrittenRelay.Message(exchange, "order.placed", payload, "application/json", null),
					(failure) -> {
						if (failure == null) {
							left.countDown();
						}
					});
		}
		if (!left.await(1, TimeUnit.MINUTES)) {
			throw new IllegalStateException(left.getCount() + " of " + events + " messages were not confirmed");
		}
	}

	@Override
	public void close() {
		this.connection.abort();
	}

}
