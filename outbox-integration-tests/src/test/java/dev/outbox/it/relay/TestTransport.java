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

package dev.outbox.it.relay;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OutboxTransport;
import org.jspecify.annotations.Nullable;

/**
 * A broker that does what a test tells it to: what no real broker can be made to do at
 * the right moment. Answers on a thread of its own, as brokers do.
 */
class TestTransport implements OutboxTransport {

	private final String name;

	private final ExecutorService executor = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "test-broker");
		thread.setDaemon(true);
		return thread;
	});

	private final List<OutboxRecord> sent = new CopyOnWriteArrayList<>();

	private final List<OutboxRecord> accepted = new ArrayList<>();

	private final List<Delivery> held = new CopyOnWriteArrayList<>();

	private final ConcurrentHashMap<UUID, AtomicInteger> attempts = new ConcurrentHashMap<>();

	private final AtomicInteger largestBatch = new AtomicInteger();

	private final AtomicReference<@Nullable Error> error = new AtomicReference<>();

	private volatile Function<OutboxRecord, Answer> answers = (event) -> Answer.ACCEPT;

	TestTransport() {
		this("test");
	}

	TestTransport(String name) {
		this.name = name;
	}

	/**
	 * Says what to answer from now on.
	 */
	TestTransport answering(Function<OutboxRecord, Answer> answers) {
		this.answers = answers;
		return this;
	}

	@Override
	public String name() {
		return this.name;
	}

	void throwOnNextSend(Error error) {
		this.error.set(error);
	}

	List<OutboxRecord> acceptedRecords() {
		synchronized (this.accepted) {
			return List.copyOf(this.accepted);
		}
	}

	@Override
	public void send(List<? extends Delivery> batch) {
		Error thrown = this.error.getAndSet(null);
		if (thrown != null) {
			throw thrown;
		}
		this.largestBatch.accumulateAndGet(batch.size(), Math::max);
		List<Delivery> deliveries = List.copyOf(batch);
		for (Delivery delivery : deliveries) {
			this.sent.add(delivery.record());
			this.attempts.computeIfAbsent(delivery.record().id(), (id) -> new AtomicInteger()).incrementAndGet();
		}
		this.executor
			.execute(() -> deliveries.forEach((delivery) -> answer(delivery, this.answers.apply(delivery.record()))));
	}

	void answer(Delivery delivery, Answer answer) {
		OutboxRecord event = delivery.record();
		switch (answer) {
			case ACCEPT -> {
				synchronized (this.accepted) {
					this.accepted.add(event);
				}
				delivery.complete(SendResult.acknowledged(event, Instant.EPOCH, "test@0"));
			}
			case HOLD -> this.held.add(delivery);
			default -> delivery.complete(SendResult.failed(event, Instant.EPOCH,
					new SendFailure(FailureKind.valueOf(answer.name()), "told to answer " + answer, null)));
		}
	}

	/**
	 * Answers what was held.
	 */
	void release(Answer answer) {
		List<Delivery> released = List.copyOf(this.held);
		this.held.removeAll(released);
		this.executor.execute(() -> released.forEach((delivery) -> answer(delivery, answer)));
	}

	List<Delivery> held() {
		return this.held;
	}

	/**
	 * Returns what was handed over, in order, every attempt.
	 */
	List<String> sentPayloads() {
		return this.sent.stream().map(TestTransport::text).toList();
	}

	/**
	 * Returns what was accepted, in order.
	 */
	List<String> acceptedPayloads() {
		synchronized (this.accepted) {
			return this.accepted.stream().map(TestTransport::text).toList();
		}
	}

	int acceptedCount() {
		synchronized (this.accepted) {
			return this.accepted.size();
		}
	}

	List<String> acceptedPayloads(String key) {
		synchronized (this.accepted) {
			return this.accepted.stream().filter((event) -> key.equals(event.key())).map(TestTransport::text).toList();
		}
	}

	int attempts(String payload) {
		return (int) this.sent.stream().filter((event) -> text(event).equals(payload)).count();
	}

	static String text(OutboxRecord event) {
		return new String(event.payload(), StandardCharsets.UTF_8);
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

	/**
	 * What the broker does with a record.
	 */
	enum Answer {

		ACCEPT, HOLD, RETRIABLE, REJECTED, UNAVAILABLE, FATAL

	}

}
