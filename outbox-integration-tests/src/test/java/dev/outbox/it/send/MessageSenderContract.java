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

package dev.outbox.it.send;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.outbox.BatchResult;
import dev.outbox.BatchSendException;
import dev.outbox.FailureKind;
import dev.outbox.InvalidMessageException;
import dev.outbox.OutboxMessage;
import dev.outbox.SendFailedException;
import dev.outbox.SendResult;
import dev.outbox.SendTimeoutException;
import dev.outbox.SenderClosedException;
import dev.outbox.publish.TransportMessageSender;
import dev.outbox.transport.OutboxTransport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a sender promises, whatever the broker.
 */
abstract class MessageSenderContract {

	static final Duration PATIENT = Duration.ofSeconds(30);

	static final Duration IMPATIENT = Duration.ofSeconds(3);

	private static final long DEADLINE_SECONDS = 60;

	private final List<AutoCloseable> toClose = new ArrayList<>();

	/**
	 * Returns a new transport to a broker that runs.
	 */
	abstract OutboxTransport transport(Duration publishTimeout);

	/**
	 * Returns a new transport to a broker that accepts connections and does not answer.
	 */
	abstract OutboxTransport transportToAHangingBroker(Duration publishTimeout);

	/**
	 * Returns a new transport to where no broker is.
	 */
	abstract OutboxTransport transportToNoBroker(Duration publishTimeout);

	/**
	 * Creates a destination.
	 * @return its name, never returned before
	 */
	abstract String destination();

	/**
	 * Returns the name of a destination that does not exist.
	 */
	abstract String missingDestination();

	abstract List<Received> received(String destination);

	/**
	 * Keeps something open until the test has ended. What comes last is closed first.
	 */
	<T extends AutoCloseable> T closing(T closeable) {
		this.toClose.add(0, closeable);
		return closeable;
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.toClose) {
			closeable.close();
		}
	}

	@Test
	void aMessageThatWasAcknowledgedIsAtTheBroker() {
		String destination = destination();
		OutboxMessage message = OutboxMessage.builder()
			.eventType("order.placed")
			.destination(destination)
			.key("o-1")
			.payload("placed")
			.header("tenant", "north")
			.build();
		SendResult result = sender(PATIENT).sendAndWait(message);
		assertThat(result.isAcknowledged()).isTrue();
		assertThat(result.destination().name()).isEqualTo(destination);
		assertThat(received(destination)).singleElement().satisfies((received) -> {
			assertThat(received.text()).isEqualTo("placed");
			assertThat(received.headers()).containsEntry("ce_id", result.eventId().toString())
				.containsEntry("ce_source", "shop")
				.containsEntry("tenant", "north");
		});
	}

	@Test
	void aThousandMessagesOfEightThreadsArriveOnce() throws Exception {
		String destination = destination();
		TransportMessageSender sender = sender(PATIENT);
		ExecutorService threads = Executors.newFixedThreadPool(8);
		try {
			List<Future<List<CompletableFuture<SendResult>>>> calls = IntStream.range(0, 8)
				.mapToObj((thread) -> threads.submit(() -> IntStream.range(0, 125)
					.mapToObj((n) -> sender.send(message(destination, thread + "-" + n)))
					.toList()))
				.toList();
			for (Future<List<CompletableFuture<SendResult>>> call : calls) {
				assertThat(call.get()).allSatisfy((future) -> assertThat(outcome(future).isAcknowledged()).isTrue());
			}
		}
		finally {
			threads.shutdownNow();
		}
		assertThat(received(destination)).extracting(Received::text).doesNotHaveDuplicates().hasSize(1000);
	}

	@Test
	void theMessagesOfAKeyKeepTheOrderOfTheCalls() {
		String destination = destination();
		TransportMessageSender sender = sender(PATIENT);
		List<String> texts = IntStream.range(0, 600).mapToObj(Integer::toString).toList();
		List<CompletableFuture<SendResult>> single = texts.subList(0, 300)
			.stream()
			.map((text) -> sender.send(message(destination, text)))
			.toList();
		BatchResult batch = sender
			.sendAll(texts.subList(300, 600).stream().map((text) -> message(destination, text)).toList())
			.join();
		assertThat(batch.isAcknowledged()).isTrue();
		assertThat(single).allSatisfy((future) -> assertThat(outcome(future).isAcknowledged()).isTrue());
		assertThat(received(destination)).extracting(Received::text).containsExactlyElementsOf(texts);
	}

	@Test
	void oneMessageOfABatchFailsAlone() {
		String destination = destination();
		String missing = missingDestination();
		BatchResult result = sender(Duration.ofSeconds(10))
			.sendAll(List.of(message(destination, "1"), message(missing, "2"), message(destination, "3")))
			.join();
		assertThat(result.results()).extracting(SendResult::isAcknowledged).containsExactly(true, false, true);
		assertThat(result.failures().get(0).destination().name()).isEqualTo(missing);
		assertThatExceptionOfType(BatchSendException.class).isThrownBy(result::orThrow)
			.withMessageStartingWith("1 of 3")
			.havingCause()
			.withMessageContaining(missing);
		assertThat(received(destination)).extracting(Received::text).containsExactlyInAnyOrder("1", "3");
	}

	@Test
	void nothingOfABatchIsSentOfWhichOneMessageIsNotValid() {
		String destination = destination();
		TransportMessageSender sender = sender(PATIENT);
		OutboxMessage invalid = OutboxMessage.builder().eventType("a").destination(" ").payload("x").build();
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> sender.sendAll(List.of(message(destination, "1"), invalid)));
		sender.sendAndWait(message(destination, "2"));
		assertThat(received(destination)).extracting(Received::text).containsExactly("2");
	}

	@Test
	void aBrokerThatHangsHoldsUpNobodyForLongerThanTheTimeout() {
		TransportMessageSender sender = sender(transportToAHangingBroker(IMPATIENT), IMPATIENT);
		assertThatExceptionOfType(SendTimeoutException.class)
			.isThrownBy(() -> sender.sendAndWait(message(destination(), "1")))
			.withMessageNotContaining("outbox.publish-timeout")
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(FailureKind.UNAVAILABLE));
	}

	@Test
	void whereThereIsNoBrokerAMessageFails() {
		TransportMessageSender sender = sender(transportToNoBroker(IMPATIENT), IMPATIENT);
		assertThatExceptionOfType(SendFailedException.class)
			.isThrownBy(() -> sender.sendAndWait(message("orders", "1")))
			.withMessageContaining("UNAVAILABLE")
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(FailureKind.UNAVAILABLE));
	}

	@Test
	void closingWaitsForWhatIsOnItsWay() {
		String destination = destination();
		TransportMessageSender sender = sender(PATIENT);
		List<CompletableFuture<SendResult>> futures = IntStream.range(0, 200)
			.mapToObj((n) -> sender.send(message(destination, Integer.toString(n))))
			.toList();
		sender.close();
		assertThat(futures).allSatisfy((future) -> assertThat(future).isCompleted());
		assertThatExceptionOfType(SenderClosedException.class)
			.isThrownBy(() -> sender.send(message(destination, "late")));
		assertThat(received(destination)).hasSize(200);
	}

	@Test
	void aCallbackMaySendAndWaitForIt() {
		String destination = destination();
		TransportMessageSender sender = sender(PATIENT);
		List<CompletableFuture<SendResult>> futures = IntStream.range(0, 50)
			.mapToObj((n) -> sender.send(message(destination, n + "-first"))
				.thenApply((result) -> sender.sendAndWait(message(destination, n + "-second"))))
			.toList();
		assertThat(futures).allSatisfy((future) -> assertThat(outcome(future).isAcknowledged()).isTrue());
		assertThat(received(destination)).hasSize(100);
	}

	final TransportMessageSender sender(Duration publishTimeout) {
		return sender(transport(publishTimeout), publishTimeout);
	}

	private TransportMessageSender sender(OutboxTransport transport, Duration publishTimeout) {
		closing(transport);
		return closing(TransportMessageSender.builder(transport).source("shop").publishTimeout(publishTimeout).build());
	}

	static OutboxMessage message(String destination, String text) {
		return OutboxMessage.builder()
			.eventType("order.placed")
			.destination(destination)
			.key("o-1")
			.payload(text)
			.build();
	}

	static SendResult outcome(CompletableFuture<SendResult> future) throws Exception {
		return future.get(DEADLINE_SECONDS, TimeUnit.SECONDS);
	}

}
