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
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import dev.outbox.BatchResult;
import dev.outbox.OutboxMessage;
import dev.outbox.SendFailedException;
import dev.outbox.SendResult;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Who gets room when too much is on its way.
 */
class SenderFairnessTests {

	private static final Duration DEADLINE = Duration.ofSeconds(30);

	private final RecordingTransport kafka = new RecordingTransport("kafka");

	private final RecordingTransport rabbit = new RecordingTransport("rabbit");

	private final List<TransportMessageSender> senders = new ArrayList<>();

	@AfterEach
	void close() {
		this.senders.forEach(TransportMessageSender::close);
	}

	@Test
	void aBrokerThatDoesNotAnswerTakesNoRoomFromTheOthers() {
		TransportMessageSender sender = sender(Duration.ofSeconds(2), 1, 1000);
		this.kafka.answering();
		sender.send(message("rabbit", "a"));
		assertThat(sender.sendAndWait(message("kafka", "b")).isAcknowledged()).isTrue();
	}

	@Test
	void aBatchForTwoBrokersGoesOnWithTheOneThatAnswers() {
		TransportMessageSender sender = sender(DEADLINE, 1, 1000);
		List<OutboxMessage> messages = List.of(message("rabbit", "a"), message("rabbit", "b"), message("kafka", "c"),
				message("kafka", "d"), message("rabbit", "e"), message("kafka", "f"));
		CompletableFuture<BatchResult> batch = onAThread(() -> sender.sendAll(messages));
		for (int n = 0; n < 3; n++) {
			int next = n;
			Awaitility.await().atMost(DEADLINE).until(() -> this.kafka.deliveries.size() == next + 1);
			this.kafka.acknowledge(n);
		}
		assertThat(this.rabbit.deliveries).hasSize(1);
		for (int n = 0; n < 3; n++) {
			int next = n;
			Awaitility.await().atMost(DEADLINE).until(() -> this.rabbit.deliveries.size() == next + 1);
			this.rabbit.acknowledge(n);
		}
		assertThat(batch).succeedsWithin(DEADLINE)
			.satisfies((result) -> assertThat(result.results()).extracting(SendResult::eventType)
				.containsExactly("a", "b", "c", "d", "e", "f"));
		assertThat(types(this.kafka)).containsExactly("c", "d", "f");
		assertThat(types(this.rabbit)).containsExactly("a", "b", "e");
	}

	@Test
	void aLargeMessageIsNotOvertakenBySmallOnes() {
		TransportMessageSender sender = sender(DEADLINE, 10, 10);
		sender.send(message("kafka", "first"));
		onAThread(() -> sender.send(message("kafka", "large", "1234567890")));
		BlockedSends.await(1);
		CompletableFuture<SendResult> small = onAThread(() -> sender.send(message("kafka", "small")));
		BlockedSends.await(2);
		assertThat(types(this.kafka)).containsExactly("first");
		this.kafka.acknowledge(0);
		Awaitility.await().atMost(DEADLINE).until(() -> this.kafka.deliveries.size() == 2);
		assertThat(types(this.kafka)).containsExactly("first", "large");
		this.kafka.acknowledge(1);
		Awaitility.await().atMost(DEADLINE).until(() -> this.kafka.deliveries.size() == 3);
		this.kafka.acknowledge(2);
		assertThat(small).succeedsWithin(DEADLINE);
	}

	@Test
	void aMessageThatWasNotLetInHasCertainlyNotArrived() {
		SendWindow full = new SendWindow(1, 1);
		full.close();
		MessageSend send = SendWindowTests.send("a");
		Passage passage = new Passage(this.kafka, full, DEADLINE);
		passage.add(send);
		Passage.handOver(List.of(passage), System.nanoTime());
		assertThatExceptionOfType(SendFailedException.class).isThrownBy(() -> send.outcome().join().orThrow())
			.withMessageContaining("The broker does not have it")
			.satisfies((ex) -> assertThat(ex.mayHaveArrived()).isFalse());
		assertThat(this.kafka.deliveries).isEmpty();
	}

	@Test
	void twoTransportsOfOneNameAreRefused() {
		MessageSenderBuilder builder = TransportMessageSender.builder(this.kafka, new RecordingTransport("kafka"));
		assertThatIllegalArgumentException().isThrownBy(builder::build).withMessageContaining("have the name 'kafka'");
	}

	private TransportMessageSender sender(Duration timeout, int events, long bytes) {
		TransportMessageSender sender = TransportMessageSender.builder(this.kafka, this.rabbit)
			.transport("kafka")
			.publishTimeout(timeout)
			.maxInFlight(events, bytes)
			.shutdownTimeout(Duration.ofMillis(100))
			.build();
		this.senders.add(sender);
		return sender;
	}

	private static <T> CompletableFuture<T> onAThread(Supplier<CompletableFuture<T>> call) {
		return CompletableFuture.supplyAsync(call, (task) -> new Thread(task).start()).thenCompose((future) -> future);
	}

	private static OutboxMessage message(String transport, String type) {
		return message(transport, type, "x");
	}

	private static OutboxMessage message(String transport, String type, String payload) {
		return OutboxMessage.builder()
			.eventType(type)
			.destination("orders")
			.transport(transport)
			.payload(payload)
			.build();
	}

	private static List<String> types(RecordingTransport transport) {
		return transport.deliveries.stream().map((delivery) -> delivery.record().eventType()).toList();
	}

}
