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

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

import dev.outbox.BatchResult;
import dev.outbox.BatchSendException;
import dev.outbox.FailureKind;
import dev.outbox.InvalidMessageException;
import dev.outbox.InvalidMessageException.Reason;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailedException;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.SendTimeoutException;
import dev.outbox.SenderClosedException;
import dev.outbox.UnroutableEventException;
import dev.outbox.publish.TestEvents.OrderPlaced;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

class TransportMessageSenderTests {

	private static final Duration DEADLINE = Duration.ofSeconds(60);

	private final RecordingTransport transport = new RecordingTransport("kafka");

	private final List<TransportMessageSender> senders = new ArrayList<>();

	@AfterEach
	void close() {
		this.senders.forEach(TransportMessageSender::close);
	}

	@Test
	void theFutureHasTheAnswerOfTheTransport() {
		TransportMessageSender sender = sender();
		CompletableFuture<SendResult> future = sender.send(new OrderPlaced("o-1"));
		assertThat(future).isNotDone();
		OutboxRecord record = this.transport.deliveries.get(0).record();
		assertThat(record.headers()).containsEntry("ce_source", "shop");
		this.transport.acknowledge(0);
		SendResult result = future.join();
		assertThat(result.eventId()).isEqualTo(record.id());
		assertThat(result.position()).isEqualTo("somewhere");
		assertThat(result.completedAt()).isEqualTo(RecordingTransport.ANSWERED);
	}

	@Test
	void aFailureIsThrownWithWhatIsKnown() {
		TransportMessageSender sender = sender();
		CompletableFuture<SendResult> future = sender.send(message("order.placed"));
		this.transport.fail(0, FailureKind.REJECTED, "no");
		SendFailedException failure = failureOf(future);
		assertThat(failure).isNotInstanceOf(SendTimeoutException.class)
			.hasMessageContaining("(REJECTED): no")
			.hasMessageContaining("has not been sent");
		assertThat(failure.kind()).isEqualTo(FailureKind.REJECTED);
		assertThat(failure.result().eventId()).isEqualTo(this.transport.deliveries.get(0).record().id());
	}

	@Test
	void whoWaitsGetsTheAcknowledgementOrTheFailureItself() {
		this.transport.answering();
		TransportMessageSender sender = sender();
		assertThat(sender.sendAndWait(message("order.placed")).isAcknowledged()).isTrue();
		assertThatExceptionOfType(SendFailedException.class).isThrownBy(() -> sender.sendAndWait(message("impossible")))
			.withMessageContaining("no connection")
			.withMessageContaining("The broker does not have it")
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(FailureKind.UNAVAILABLE));
	}

	@Test
	void aTransportThatNeverAnswersEndsWithTheTimeout() {
		TransportMessageSender sender = sender(Duration.ofMillis(20), 10, 1000);
		CompletableFuture<SendResult> future = sender.send(message("order.placed"));
		assertThatExceptionOfType(SendTimeoutException.class).isThrownBy(() -> await(future))
			.withMessageContaining("has not answered within 20 ms of the call (outbox.publish-timeout)")
			.withMessageContaining("the broker has it")
			.satisfies((ex) -> assertThat(ex.mayHaveArrived()).isTrue())
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(FailureKind.UNAVAILABLE));
		this.transport.acknowledge(0);
		assertThat(future).isCompletedExceptionally();
	}

	@Test
	void aTransportWhoseOwnTimeIsOverIsATimeoutToo() {
		TransportMessageSender sender = sender();
		CompletableFuture<SendResult> single = sender.send(message("a"));
		CompletableFuture<BatchResult> batch = sender.sendAll(List.of(message("b"), message("c")));
		IllegalStateException said = new IllegalStateException("expired");
		this.transport.fail(0, SendFailure.timedOut("no answer within 25000 ms", said, true));
		this.transport.acknowledge(1);
		this.transport.fail(2, SendFailure.timedOut("no answer within 5000 ms", null, false));
		assertThat(failureOf(single)).isInstanceOf(SendTimeoutException.class)
			.hasMessageContaining("(UNAVAILABLE): no answer within 25000 ms")
			.hasRootCause(said)
			.matches(SendFailedException::mayHaveArrived);
		BatchResult result = batch.join();
		assertThat(result.failures()).singleElement().matches((failed) -> failed.failure().isTimeout());
		assertThatExceptionOfType(SendTimeoutException.class).isThrownBy(() -> result.failures().get(0).orThrow())
			.withMessageContaining("The broker does not have it");
		assertThatExceptionOfType(BatchSendException.class).isThrownBy(result::orThrow)
			.withCauseInstanceOf(SendTimeoutException.class);
	}

	@Test
	void aTransportThatThrowsOrBreaksOffHoldsNeitherAFutureNorRoom() {
		TransportMessageSender sender = added(builder(this.transport).publishTimeout(DEADLINE)
			.shutdownTimeout(DEADLINE)
			.maxInFlight(1, 1000)
			.build());
		SendFailedException thrown = failureOf(sender.send(message("impossible")));
		assertThat(thrown).isNotInstanceOf(SendTimeoutException.class)
			.hasMessageContaining("has not taken the message: no connection")
			.hasCauseInstanceOf(IllegalStateException.class);
		assertThat(thrown.mayHaveArrived()).isFalse();
		this.transport.breakOff(new NoClassDefFoundError("com/example/Codec"));
		SendFailedException broken = failureOf(sender.send(message("a")));
		assertThat(broken).isNotInstanceOf(SendTimeoutException.class)
			.hasMessageContaining("com/example/Codec")
			.hasCauseInstanceOf(NoClassDefFoundError.class);
		assertThat(broken.mayHaveArrived()).as("it may have taken it before").isTrue();
		assertThat(sender.sendAll(List.of(message("b"), message("c"))).join().failures())
			.extracting((failed) -> failed.failure().isTimeout())
			.containsExactly(false, false);
		this.transport.breakOff(null);
		this.transport.answering();
		assertThat(sender.sendAndWait(message("d")).isAcknowledged()).isTrue();
		this.transport.breakOff(new StackOverflowError());
		CompletableFuture<SendResult> last = sender.send(message("e"));
		sender.close();
		assertThat(last).isCompletedExceptionally();
		assertThat(failureOf(last)).hasCauseInstanceOf(StackOverflowError.class);
	}

	@Test
	void eachMessageOfABatchHasItsOwnOutcomeInTheOrderGiven() {
		TransportMessageSender sender = sender();
		CompletableFuture<BatchResult> future = sender
			.sendAll(List.of(message("a"), new OrderPlaced("o-1"), message("c")));
		this.transport.acknowledge(2);
		this.transport.fail(1, FailureKind.FATAL, "too large");
		assertThat(future).isNotDone();
		this.transport.acknowledge(0);
		BatchResult result = future.join();
		assertThat(result.results()).extracting(SendResult::eventType).containsExactly("a", "order.placed", "c");
		assertThat(result.results()).extracting(SendResult::isAcknowledged).containsExactly(true, false, true);
		assertThat(result.failures()).singleElement().isEqualTo(result.results().get(1));
		assertThatExceptionOfType(BatchSendException.class).isThrownBy(result::orThrow)
			.withMessageStartingWith("1 of 3 messages")
			.withCauseInstanceOf(SendFailedException.class)
			.satisfies((ex) -> assertThat(ex.result()).isEqualTo(result));
	}

	@Test
	void aBatchThatHasArrivedThrowsNothing() {
		this.transport.answering();
		BatchResult result = sender().sendAll(List.of(message("a"), message("b"))).join();
		assertThat(result.orThrow()).isSameAs(result);
		assertThat(sender().sendAll(List.of()).join().isAcknowledged()).isTrue();
	}

	@Test
	void nothingOfABatchIsSentOfWhichOneMessageIsNotValid() {
		TransportMessageSender sender = sender();
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> sender.sendAll(Arrays.asList(message("a"), null)))
			.withMessageContaining("Nothing has been sent")
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.NO_EVENT));
		assertThat(this.transport.deliveries).isEmpty();
	}

	@ParameterizedTest
	@MethodSource
	void whatOnlyTheOutboxCanDoIsRefusedByName(String field, OutboxMessage.Builder message) {
		TransportMessageSender sender = sender();
		OutboxMessage whole = message.destination("orders").eventType("a").payload("x").build();
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> sender.send(whole))
			.withMessageContaining(field)
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.NEEDS_OUTBOX));
		assertThat(this.transport.deliveries).isEmpty();
	}

	static List<Arguments> whatOnlyTheOutboxCanDoIsRefusedByName() {
		return List.of(Arguments.of("deliverAt", OutboxMessage.builder().deliverAt(Instant.EPOCH)),
				Arguments.of("deliverAfter", OutboxMessage.builder().deliverAfter(Duration.ZERO)),
				Arguments.of("idempotencyKey", OutboxMessage.builder().idempotencyKey("once")));
	}

	@Test
	void aMessageWithABlankDestinationOrNoneIsRefused() {
		TransportMessageSender sender = sender();
		OutboxMessage blank = OutboxMessage.builder().eventType("a").destination(" ").payload("x").build();
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> sender.send(blank))
			.withMessageContaining("neither stored nor sent")
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.BLANK_DESTINATION));
		OutboxMessage none = OutboxMessage.builder().eventType("a").payload("x").build();
		assertThatExceptionOfType(UnroutableEventException.class).isThrownBy(() -> sender.send(none));
		assertThat(this.transport.deliveries).isEmpty();
	}

	@Test
	void nullIsRefused() {
		assertThatExceptionOfType(InvalidMessageException.class).isThrownBy(() -> sender().send(null))
			.satisfies((ex) -> assertThat(ex.reason()).isEqualTo(Reason.NO_EVENT));
	}

	@Test
	void aMessageThatAFilterLeavesOutIsRefused() {
		TransportMessageSender sender = added(builder(this.transport)
			.routing(OutboxRouting.builder()
				.route(OrderPlaced.class, (route) -> route.filter((event) -> event.orderId().equals("o-1")))
				.build())
			.build());
		sender.send(new OrderPlaced("o-1"));
		assertThatExceptionOfType(UnroutableEventException.class).isThrownBy(() -> sender.send(new OrderPlaced("o-2")))
			.withMessageContaining("filter")
			.withMessageContaining("Nothing has been sent");
		assertThat(this.transport.deliveries).hasSize(1);
	}

	@Test
	void aTransportThatIsNotThereIsRefusedWithThoseThatAre() {
		RecordingTransport other = new RecordingTransport("other");
		TransportMessageSender sender = added(builder(this.transport, other).transport("kafka").build());
		assertThatExceptionOfType(UnroutableEventException.class)
			.isThrownBy(() -> sender.send(message("a", "carrier-pigeon")))
			.withMessageContaining("'carrier-pigeon'")
			.withMessageContaining("[kafka, other]")
			.withMessageContaining("neither stored nor sent");
		TransportMessageSender withOwnSettings = added(new TransportMessageSender(List.of(this.transport, other),
				TestEvents.factory(), SendSettings.DEFAULTS, Clock.systemUTC()));
		assertThatExceptionOfType(UnroutableEventException.class)
			.isThrownBy(() -> withOwnSettings.send(message("a", "carrier-pigeon")))
			.withMessageContaining("[kafka, other]");
	}

	@Test
	void eachMessageGoesThroughItsTransport() {
		RecordingTransport other = new RecordingTransport("other");
		TransportMessageSender sender = added(builder(this.transport, other).transport("kafka").build());
		sender.sendAll(List.of(message("a"), message("b", "other"), message("c")));
		assertThat(types(this.transport)).containsExactly("a", "c");
		assertThat(types(other)).containsExactly("b");
	}

	@Test
	void aBatchThatIsLargerThanTheWindowGoesThroughItInOrder() {
		this.transport.answering();
		List<OutboxMessage> messages = IntStream.range(0, 2000).mapToObj((n) -> message("type-" + n)).toList();
		BatchResult result = sender(DEADLINE, 7, 1000).sendAll(messages).join();
		assertThat(result.isAcknowledged()).isTrue();
		assertThat(types(this.transport))
			.containsExactlyElementsOf(messages.stream().map(OutboxMessage::eventType).toList());
	}

	@Test
	void aSendThatFindsNoRoomWaitsForIt() {
		TransportMessageSender sender = sender(DEADLINE, 1, 1000);
		sender.send(message("a"));
		CompletableFuture<SendResult> second = CompletableFuture
			.supplyAsync(() -> sender.send(message("b")), (task) -> new Thread(task).start())
			.thenCompose((future) -> future);
		BlockedSends.await(1);
		assertThat(this.transport.deliveries).hasSize(1);
		this.transport.acknowledge(0);
		Awaitility.await().atMost(DEADLINE).until(() -> this.transport.deliveries.size() == 2);
		this.transport.acknowledge(1);
		assertThat(second.join().isAcknowledged()).isTrue();
	}

	@Test
	void whatComesAfterAMessageWithoutRoomIsNotSentEither() {
		TransportMessageSender sender = sender(DEADLINE, 1, 1000);
		Thread.currentThread().interrupt();
		CompletableFuture<BatchResult> future = sender.sendAll(List.of(message("a"), message("b"), message("c")));
		assertThat(Thread.interrupted()).isTrue();
		this.transport.acknowledge(0);
		assertThat(future.join().results()).extracting(SendResult::isAcknowledged).containsExactly(true, false, false);
		assertThat(types(this.transport)).containsExactly("a");
	}

	@Test
	void aThreadThatIsInterruptedWhileItWaitsForRoomStaysSo() {
		TransportMessageSender sender = sender(DEADLINE, 1, 1000);
		sender.send(message("a"));
		Thread.currentThread().interrupt();
		CompletableFuture<SendResult> future = sender.send(message("b"));
		assertThat(Thread.interrupted()).isTrue();
		SendFailedException failure = failureOf(future);
		assertThat(failure).hasMessageContaining("interrupted").hasMessageContaining("does not have it");
		assertThat(failure.mayHaveArrived()).isFalse();
		assertThat(types(this.transport)).containsExactly("a");
	}

	@Test
	void anOutcomeIsNotToldOnTheThreadOfTheTransport() {
		TransportMessageSender sender = sender();
		CompletableFuture<Thread> told = sender.send(message("a")).thenApply((result) -> Thread.currentThread());
		CompletableFuture<Thread> toldOfAll = sender.sendAll(List.of(message("b")))
			.thenApply((result) -> Thread.currentThread());
		this.transport.acknowledge(0);
		this.transport.acknowledge(1);
		assertThat(List.of(told.join(), toldOfAll.join()))
			.allSatisfy((thread) -> assertThat(thread.getName()).startsWith("outbox-sender-"))
			.allSatisfy((thread) -> assertThat(thread.getContextClassLoader())
				.isSameAs(Thread.currentThread().getContextClassLoader()));
	}

	@Test
	void thoseWhoAreToldMaySendAndWaitForThatHoweverManyTheyAre() {
		TransportMessageSender sender = sender();
		List<CompletableFuture<SendResult>> all = IntStream.range(0, 200)
			.mapToObj((n) -> sender.send(message("first")).thenApply((result) -> sender.sendAndWait(message("second"))))
			.toList();
		IntStream.range(0, 200).forEach(this.transport::acknowledge);
		// Two hundred callbacks wait, each for an answer that has not been given yet.
		Awaitility.await().atMost(DEADLINE).until(() -> this.transport.deliveries.size() == 400);
		IntStream.range(200, 400).forEach(this.transport::acknowledge);
		assertThat(all)
			.allSatisfy((future) -> assertThat(future.get(60, TimeUnit.SECONDS).eventType()).isEqualTo("second"));
	}

	@Test
	void aClosedSenderTakesNothing() {
		TransportMessageSender sender = sender();
		sender.close();
		assertThat(sender.isRunning()).isFalse();
		assertThatExceptionOfType(SenderClosedException.class).isThrownBy(() -> sender.send(message("a")))
			.withMessageContaining("a message of type a")
			.withMessageContaining("Nothing has been sent");
		assertThatExceptionOfType(SenderClosedException.class).isThrownBy(() -> sender.sendAll(List.of()));
		sender.start();
		assertThat(sender.isRunning()).isFalse();
		assertThat(this.transport.deliveries).isEmpty();
	}

	@Test
	void aSenderThatWasStoppedCanBeStartedAgain() {
		this.transport.answering();
		TransportMessageSender sender = sender();
		sender.stop(DEADLINE);
		assertThatExceptionOfType(SenderClosedException.class).isThrownBy(() -> sender.send(message("a")));
		sender.start();
		assertThat(sender.send(message("a")).join().isAcknowledged()).isTrue();
	}

	@Test
	void closingWaitsForWhatIsOnItsWayAndForThoseWhoAreTold() {
		TransportMessageSender sender = builder(this.transport).shutdownTimeout(DEADLINE).build();
		CountDownLatch told = new CountDownLatch(1);
		sender.send(message("a")).thenRun(told::countDown);
		CompletableFuture<Void> closing = CompletableFuture.runAsync(sender::close, (task) -> new Thread(task).start());
		Awaitility.await().atMost(DEADLINE).until(() -> !sender.isRunning());
		assertThat(closing).isNotDone();
		this.transport.acknowledge(0);
		closing.join();
		assertThat(told.getCount()).isZero();
	}

	@Test
	void whatHasNoAnswerWhenTheSenderStopsFails() {
		TransportMessageSender sender = sender();
		CompletableFuture<SendResult> future = sender.send(message("a"));
		sender.stop(Duration.ofMillis(1));
		assertThat(failureOf(future)).hasMessageContaining("closed before the broker's answer arrived")
			.hasMessageContaining("the broker has it");
	}

	@Test
	void whoWaitsForRoomWhenTheSenderStopsIsTold() {
		TransportMessageSender sender = sender(DEADLINE, 1, 1000);
		sender.send(message("a"));
		CompletableFuture<SendResult> second = CompletableFuture
			.supplyAsync(() -> sender.send(message("b")), (task) -> new Thread(task).start())
			.thenCompose((future) -> future);
		BlockedSends.await(1);
		sender.stop(Duration.ofMillis(1));
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> second.get(60, TimeUnit.SECONDS))
			.withStackTraceContaining("closed meanwhile");
		assertThat(types(this.transport)).containsExactly("a");
	}

	private TransportMessageSender sender() {
		return sender(DEADLINE, 10_000, 1 << 20);
	}

	private TransportMessageSender sender(Duration timeout, int events, long bytes) {
		return added(builder(this.transport).publishTimeout(timeout).maxInFlight(events, bytes).build());
	}

	private static MessageSenderBuilder builder(RecordingTransport transport, RecordingTransport... others) {
		return TransportMessageSender.builder(transport, others).source("shop").shutdownTimeout(Duration.ofMillis(100));
	}

	private TransportMessageSender added(TransportMessageSender sender) {
		this.senders.add(sender);
		return sender;
	}

	private static OutboxMessage message(String type) {
		return message(type, OutboxMessage.builder().payload("x"));
	}

	private static OutboxMessage message(String type, String transport) {
		return message(type, OutboxMessage.builder().payload("x").transport(transport));
	}

	private static OutboxMessage message(String type, OutboxMessage.Builder message) {
		return message.eventType(type).destination("orders").build();
	}

	private static List<String> types(RecordingTransport transport) {
		return transport.deliveries.stream().map((delivery) -> delivery.record().eventType()).toList();
	}

	private static SendFailedException failureOf(CompletableFuture<SendResult> future) {
		return catchThrowableOfType(SendFailedException.class, () -> await(future));
	}

	private static void await(CompletableFuture<SendResult> future) throws Throwable {
		try {
			future.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			throw ex.getCause();
		}
		catch (TimeoutException ex) {
			throw new AssertionError("No outcome", ex);
		}
	}

}
