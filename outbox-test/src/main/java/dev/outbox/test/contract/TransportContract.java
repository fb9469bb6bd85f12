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

package dev.outbox.test.contract;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.outbox.Destination;
import dev.outbox.FailureKind;
import dev.outbox.InvalidMessageException;
import dev.outbox.InvalidMessageException.Reason;
import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TransportCapabilities;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What every {@link OutboxTransport} has to do, on its real broker. Extend it, and say
 * where the broker is.
 * <p>
 * A test is skipped nowhere: what it asks for is what the relay relies on. Not asked for,
 * because only the transport's own tests can make it happen, are: a broker that hangs,
 * one that dies between a message and its answer, messages that it refuses, and which
 * {@link FailureKind} each of these is.
 */
public abstract class TransportContract {

	/**
	 * How long a send may take where the broker is there.
	 */
	protected static final Duration PATIENT = Duration.ofSeconds(30);

	private static final Duration IMPATIENT = Duration.ofSeconds(3);

	private static final Duration DEADLINE = Duration.ofSeconds(60);

	private final List<AutoCloseable> toClose = new ArrayList<>();

	/**
	 * Makes a transport to the broker. It is closed after the test.
	 * @param publishTimeout how long a send may take
	 * @return the transport
	 */
	protected abstract OutboxTransport transport(Duration publishTimeout);

	/**
	 * Makes a transport to a broker that is not there: nobody listens at its address. It
	 * is closed after the test.
	 * @param publishTimeout how long a send may take
	 * @return the transport, which was made without an exception
	 */
	protected abstract OutboxTransport transportToNobody(Duration publishTimeout);

	/**
	 * Creates a destination that keeps all that is sent there in one order.
	 * @return its name, which no other test has
	 */
	protected abstract String destination();

	/**
	 * Reads what a destination holds.
	 * @param destination its name
	 * @return all payloads that have arrived so far, in the order in which they are kept
	 */
	protected abstract List<byte[]> payloads(String destination);

	@AfterEach
	final void close() throws Exception {
		for (AutoCloseable closeable : this.toClose) {
			closeable.close();
		}
	}

	@Test
	protected void aPayloadArrivesBitByBit() {
		String destination = destination();
		byte[] payload = new byte[256];
		IntStream.range(0, 256).forEach((n) -> payload[n] = (byte) n);
		OutboxTransport transport = transport();
		RecordedDelivery full = delivery(transport, destination, payload);
		RecordedDelivery empty = delivery(transport, destination, new byte[0]);
		transport.send(List.of(full, empty));
		assertAcknowledged(List.of(full, empty));
		await().atMost(DEADLINE)
			.untilAsserted(() -> assertThat(payloads(destination)).containsExactly(payload, new byte[0]));
	}

	@Test
	protected void eventsOfADestinationKeepTheirOrderAndEachHasOneResult() {
		String destination = destination();
		OutboxTransport transport = transport();
		List<RecordedDelivery> deliveries = IntStream.range(0, 3000)
			.mapToObj((n) -> delivery(transport, destination, String.valueOf(n).getBytes(StandardCharsets.UTF_8)))
			.toList();
		for (int from = 0; from < deliveries.size(); from += 300) {
			transport.send(deliveries.subList(from, from + 300));
		}
		assertAcknowledged(deliveries);
		assertThat(deliveries).allSatisfy((delivery) -> assertThat(delivery.results()).hasSize(1));
		await().atMost(DEADLINE)
			.untilAsserted(() -> assertThat(payloads(destination))
				.map((payload) -> Integer.valueOf(new String(payload, StandardCharsets.UTF_8)))
				.containsExactlyElementsOf(IntStream.range(0, 3000).boxed().toList()));
	}

	@Test
	protected void manyThreadsMaySendAtOnce() throws InterruptedException {
		String destination = destination();
		OutboxTransport transport = transport();
		List<RecordedDelivery> deliveries = IntStream.range(0, 800)
			.mapToObj((n) -> delivery(transport, destination, String.valueOf(n).getBytes(StandardCharsets.UTF_8)))
			.toList();
		ExecutorService threads = Executors.newFixedThreadPool(8);
		for (int thread = 0; thread < 8; thread++) {
			List<RecordedDelivery> own = deliveries.subList(100 * thread, 100 * (thread + 1));
			threads.execute(() -> own.forEach((delivery) -> transport.send(List.of(delivery))));
		}
		threads.shutdown();
		assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
		assertAcknowledged(deliveries);
		await().atMost(DEADLINE).untilAsserted(() -> assertThat(payloads(destination)).hasSize(800));
		for (int thread = 0; thread < 8; thread++) {
			int own = thread;
			assertThat(payloads(destination))
				.map((payload) -> Integer.valueOf(new String(payload, StandardCharsets.UTF_8)))
				.filteredOn((n) -> n / 100 == own)
				.isSorted();
		}
	}

	@Test
	protected void aDestinationThatDoesNotExistIsUnavailableAndHoldsUpNoOther() {
		String destination = destination();
		OutboxTransport transport = transport();
		RecordedDelivery missing = delivery(transport, "no-such-destination", new byte[] { 1 });
		RecordedDelivery present = delivery(transport, destination, new byte[] { 2 });
		transport.send(List.of(missing, present));
		assertAcknowledged(List.of(present));
		assertThat(missing.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
		assertThat(failure(missing)).contains("no-such-destination");
	}

	@Test
	protected void aBrokerThatIsNotThereIsUnavailable() {
		OutboxTransport transport = opened(transportToNobody(IMPATIENT));
		List<RecordedDelivery> deliveries = List.of(delivery(transport, "any", new byte[] { 1 }),
				delivery(transport, "other", new byte[] { 1 }));
		transport.send(deliveries);
		assertThat(deliveries)
			.allSatisfy((delivery) -> assertThat(delivery.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE));
	}

	@Test
	protected void aReceiverThatFailsDoesNotStopTheOthers() {
		String destination = destination();
		OutboxTransport transport = transport();
		RecordedDelivery first = delivery(transport, destination, new byte[] { 1 });
		RecordedDelivery second = delivery(transport, destination, new byte[] { 2 });
		transport.send(List.of(new FailingDelivery(first.record()), second));
		assertAcknowledged(List.of(second));
	}

	@Test
	protected void anOptionThatTheTransportDoesNotHaveIsRefusedByName() {
		OutboxTransport transport = transport();
		RecordedDelivery delivery = RecordedDelivery.to(new Destination(transport.name(), "any"), "key", new byte[0],
				Map.of("no-such-option", 1), Map.of());
		assertThatExceptionOfType(InvalidMessageException.class)
			.isThrownBy(() -> TransportCapabilities.of(transport).check(delivery.record()))
			.withMessageContaining("'" + transport.name() + "' has no option 'no-such-option'")
			.satisfies((refusal) -> assertThat(refusal.reason()).isEqualTo(Reason.UNSUPPORTED_OPTION));
	}

	@Test
	protected void anOptionThatOnlyANewerInstanceKnowsIsLeftToIt() {
		String destination = destination();
		OutboxTransport transport = transport();
		RecordedDelivery newer = RecordedDelivery.to(new Destination(transport.name(), destination), "key",
				new byte[] { 1 }, Map.of("of-tomorrow", 1), Map.of());
		RecordedDelivery known = delivery(transport, destination, new byte[] { 2 });
		transport.send(List.of(newer, known));
		assertThat(newer.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
		assertThat(failure(newer)).contains("'of-tomorrow'");
		assertAcknowledged(List.of(known));
	}

	@Test
	protected void closingReportsWhatIsOpenAndRefusesWhatComesLater() {
		OutboxTransport transport = opened(transportToNobody(PATIENT));
		RecordedDelivery open = delivery(transport, "any", new byte[] { 1 });
		transport.send(List.of(open));
		transport.close();
		transport.close();
		assertThat(open.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
		assertThat(open.results()).hasSize(1);
		RecordedDelivery late = delivery(transport, "any", new byte[] { 2 });
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> transport.send(List.of(late)))
			.withMessageContaining("closed");
		assertThat(late.results()).isEmpty();
	}

	private OutboxTransport transport() {
		return opened(transport(PATIENT));
	}

	private OutboxTransport opened(OutboxTransport transport) {
		this.toClose.add(transport);
		return transport;
	}

	private static RecordedDelivery delivery(OutboxTransport transport, String destination, byte[] payload) {
		return RecordedDelivery.to(new Destination(transport.name(), destination), "key", payload, Map.of(), Map.of());
	}

	private static void assertAcknowledged(List<RecordedDelivery> deliveries) {
		assertThat(deliveries).allSatisfy((delivery) -> assertThat(delivery.await().failure()).isNull());
	}

	private static String failure(RecordedDelivery delivery) {
		return Objects.requireNonNull(delivery.await().failure()).message();
	}

	/**
	 * A delivery whose receiver throws.
	 *
	 * @param record what to send
	 */
	private record FailingDelivery(OutboxRecord record) implements Delivery {

		@Override
		public void complete(SendResult result) {
			throw new IllegalStateException("Nobody listens");
		}

	}

}
