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

package dev.outbox.publish;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import dev.outbox.OutboxMessage;
import dev.outbox.SendResult;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What those who are told of an outcome can do to others.
 */
class SenderCallbackTests {

	private static final Duration DEADLINE = Duration.ofSeconds(30);

	/**
	 * As many as there are threads that tell of outcomes.
	 */
	private static final int ALL = Math.max(2, Runtime.getRuntime().availableProcessors());

	private final RecordingTransport kafka = new RecordingTransport("kafka");

	private final RecordingTransport rabbit = new RecordingTransport("rabbit");

	private final CountDownLatch released = new CountDownLatch(1);

	private final Set<Thread> blocked = ConcurrentHashMap.newKeySet();

	private final List<TransportMessageSender> senders = new ArrayList<>();

	@AfterEach
	void close() {
		this.released.countDown();
		this.senders.forEach(TransportMessageSender::close);
	}

	@Test
	void whoWaitsForASendDoesNotWaitForTheCallbacksOfOthers() {
		TransportMessageSender sender = sender(Duration.ofMillis(100));
		blockAllThreads(sender);
		assertThat(onAThread(() -> sender.sendAndWait(message("rabbit")))).succeedsWithin(DEADLINE);
	}

	@Test
	void eachThreadThatTellsHasAName() {
		blockAllThreads(sender(Duration.ofMillis(100)));
		assertThat(this.blocked.stream().map(Thread::getName).distinct()).hasSize(ALL)
			.allMatch((name) -> name.matches("outbox-sender-\\d+"));
	}

	@Test
	void aCallbackThatWaitsForRoomHoldsUpNobody() {
		TransportMessageSender sender = sender(Duration.ofMillis(100));
		IntStream.range(0, ALL).forEach((n) -> sender.send(message("kafka")));
		List<CompletableFuture<SendResult>> waiting = IntStream.range(0, ALL)
			.mapToObj((n) -> sender.send(message("rabbit")).thenCompose((result) -> sender.send(message("kafka"))))
			.toList();
		acknowledgeAll(this.rabbit);
		this.rabbit.answering();
		BlockedSends.await(ALL);
		assertThat(sender.send(message("rabbit"))).succeedsWithin(DEADLINE);
		IntStream.range(0, ALL).forEach(this.kafka::acknowledge);
		Awaitility.await().atMost(DEADLINE).until(() -> this.kafka.deliveries.size() == 2 * ALL);
		IntStream.range(ALL, 2 * ALL).forEach(this.kafka::acknowledge);
		assertThat(waiting).allSatisfy((future) -> assertThat(future).succeedsWithin(DEADLINE));
	}

	@Test
	void whoClosesTellsNobodyAndWaitsNoLongerThanTold() {
		TransportMessageSender sender = sender(Duration.ofMillis(100));
		blockAllThreads(sender);
		CompletableFuture<Thread> told = sender.send(message("rabbit")).thenApply((result) -> Thread.currentThread());
		sender.close();
		assertThat(told).isNotDone();
		this.released.countDown();
		assertThat(told).succeedsWithin(DEADLINE)
			.satisfies((thread) -> assertThat(thread.getName()).startsWith("outbox-sender-"));
	}

	@Test
	void aCallbackThatClosesTheSenderDoesNotWaitForItself() {
		TransportMessageSender sender = sender(Duration.ofHours(1));
		CompletableFuture<Void> closed = sender.send(message("rabbit")).thenRun(sender::close);
		acknowledgeAll(this.rabbit);
		assertThat(closed).succeedsWithin(DEADLINE);
	}

	private void blockAllThreads(TransportMessageSender sender) {
		IntStream.range(0, ALL).forEach((n) -> sender.send(message("rabbit")).thenRun(this::block));
		acknowledgeAll(this.rabbit);
		this.rabbit.answering();
		Awaitility.await().atMost(DEADLINE).until(() -> this.blocked.size() == ALL);
	}

	private static void acknowledgeAll(RecordingTransport transport) {
		IntStream.range(0, transport.deliveries.size()).forEach(transport::acknowledge);
	}

	private void block() {
		this.blocked.add(Thread.currentThread());
		try {
			this.released.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private TransportMessageSender sender(Duration shutdownTimeout) {
		TransportMessageSender sender = TransportMessageSender.builder(this.kafka, this.rabbit)
			.transport("kafka")
			.maxInFlight(ALL, 1000)
			.shutdownTimeout(shutdownTimeout)
			.build();
		this.senders.add(sender);
		return sender;
	}

	private static <T> CompletableFuture<T> onAThread(Supplier<T> call) {
		return CompletableFuture.supplyAsync(call, (task) -> {
			Thread thread = new Thread(task);
			thread.setDaemon(true);
			thread.start();
		});
	}

	private static OutboxMessage message(String transport) {
		return OutboxMessage.builder().eventType("a").destination("orders").transport(transport).payload("x").build();
	}

}
