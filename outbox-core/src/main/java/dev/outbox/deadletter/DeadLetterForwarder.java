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

package dev.outbox.deadletter;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.outbox.Destination;
import dev.outbox.FailureKind;
import dev.outbox.LogFields;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.listener.ForwardOutcome;
import dev.outbox.listener.OutboxListener;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.ForwardStore;
import dev.outbox.store.ForwardStore.Forward;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OutboxTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Sends a copy of each dead letter to a dead-letter topic. The dead letter itself stays
 * in the store, where operators retry or discard it.
 * <p>
 * At least once: a dead letter counts as forwarded when the broker has confirmed it, and
 * whoever dies in between only delays it. The instances of an outbox share the work.
 */
public final class DeadLetterForwarder implements AutoCloseable {

	/**
	 * Header: where the event was to go.
	 */
	public static final String ORIGINAL_TOPIC = "x-original-topic";

	/**
	 * Header: the transport through which it was to go.
	 */
	public static final String ORIGINAL_TRANSPORT = "x-original-transport";

	/**
	 * Header: id of the event.
	 */
	public static final String EVENT_ID = "x-event-id";

	/**
	 * Header: why it was given up.
	 */
	public static final String ERROR = "x-error-message";

	/**
	 * Header: the same for errors of the same cause.
	 */
	public static final String FINGERPRINT = "x-error-fingerprint";

	/**
	 * Header: when it was given up, in ISO 8601.
	 */
	public static final String DIED_AT = "x-died-at";

	/**
	 * Header: how many attempts had failed.
	 */
	public static final String ATTEMPTS = "x-attempts";

	private static final Logger logger = LoggerFactory.getLogger(DeadLetterForwarder.class);

	/**
	 * Few, for each may be as large as a payload can be.
	 */
	private static final int BATCH = 25;

	/**
	 * Headers of some brokers have little room.
	 */
	private static final int LONGEST_ERROR = 1000;

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

	private final ForwardStore store;

	private final Map<String, OutboxTransport> transports = new TreeMap<>();

	private final ForwardSettings settings;

	private final OutboxListener listener;

	private final Clock clock;

	private @Nullable ScheduledThreadPoolExecutor executor;

	private final Set<Sending> open = ConcurrentHashMap.newKeySet();

	private volatile boolean stopping;

	private boolean unreachable;

	/**
	 * Creates a forwarder that has not been started.
	 * @param store the dead letters
	 * @param transports where they can be sent; those of other transports are left to
	 * other instances
	 * @param settings how to forward them
	 * @param listener who is told what happens
	 * @param clock for timestamps that people read
	 */
	public DeadLetterForwarder(ForwardStore store, Collection<? extends OutboxTransport> transports,
			ForwardSettings settings, OutboxListener listener, Clock clock) {
		this.store = store;
		transports.forEach((transport) -> this.transports.put(transport.name(), transport));
		this.settings = settings;
		this.listener = listener;
		this.clock = clock;
	}

	/**
	 * Starts to forward. Returns at once; does nothing if it has been started.
	 */
	public synchronized void start() {
		if (this.executor != null) {
			return;
		}
		this.stopping = false;
		this.executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "outbox-dead-letter-topic");
			thread.setDaemon(true);
			return thread;
		});
		this.executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
		Duration wait = (this.settings.interval().compareTo(LONGEST_WAIT) < 0) ? this.settings.interval()
				: LONGEST_WAIT;
		this.executor.scheduleWithFixedDelay(this::turn, 0, wait.toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * Stops. What the broker has not confirmed is sent again, by whoever comes next.
	 * Waits no longer than the broker may take to answer.
	 */
	@Override
	public void close() {
		ScheduledThreadPoolExecutor stopping;
		synchronized (this) {
			stopping = this.executor;
			this.executor = null;
		}
		if (stopping == null) {
			return;
		}
		// Not interrupted: H2 closes a database whose thread is interrupted while it
		// reads.
		this.stopping = true;
		stopping.shutdown();
		SendFailure ending = new SendFailure(FailureKind.UNAVAILABLE, "the application is stopping", null);
		this.open.forEach((sending) -> sending.complete(SendResult.failed(sending.copy, this.clock.instant(), ending)));
		try {
			stopping.awaitTermination(this.settings.publishTimeout().toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void turn() {
		try {
			boolean more = true;
			while (more && !this.stopping) {
				more = forward();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (RuntimeException | Error ex) {
			logger.warn("Dead letters could not be forwarded to {}; it is tried again", this.settings.topic(), ex);
		}
	}

	/**
	 * Forwards some dead letters.
	 * @return whether there may be more whose time has come
	 */
	private boolean forward() throws InterruptedException {
		Duration hold = this.settings.publishTimeout().multipliedBy(2).plus(this.settings.interval());
		List<Forward> taken = this.store.take(BATCH, hold);
		Map<OutboxTransport, List<Sending>> batches = new LinkedHashMap<>();
		for (Forward forward : taken) {
			OutboxTransport transport = transport(forward.letter());
			if (forward.age().compareTo(this.settings.ttl()) > 0) {
				end(forward, ForwardOutcome.EXPIRED, "it has been dead for longer than its time to live");
			}
			else if (transport == null) {
				this.store.again(forward.letter().number(), this.settings.interval(), false);
			}
			else {
				prepare(forward, transport).ifPresent(
						(sending) -> batches.computeIfAbsent(transport, (key) -> new ArrayList<>()).add(sending));
			}
		}
		long deadline = System.nanoTime() + this.settings.publishTimeout().toNanos();
		batches.values().forEach(this.open::addAll);
		try {
			batches.forEach(DeadLetterForwarder::send);
			boolean reached = true;
			for (List<Sending> batch : batches.values()) {
				for (Sending sending : batch) {
					reached &= settle(sending.forward, sending.await(deadline - System.nanoTime()));
				}
			}
			return !taken.isEmpty() && reached;
		}
		finally {
			this.open.clear();
		}
	}

	/**
	 * One that cannot even be copied holds up no other one.
	 */
	private Optional<Sending> prepare(Forward forward, OutboxTransport transport) {
		try {
			return Optional.of(new Sending(forward, copy(forward.letter(), transport)));
		}
		catch (RuntimeException ex) {
			end(forward, ForwardOutcome.GIVEN_UP, "no copy can be made of it: " + ex);
			return Optional.empty();
		}
	}

	/**
	 * What a transport throws means that the records which have not been completed were
	 * not sent.
	 */
	private static void send(OutboxTransport transport, List<Sending> batch) {
		try {
			transport.send(batch);
		}
		catch (RuntimeException ex) {
			SendFailure failure = new SendFailure(FailureKind.RETRIABLE, "the transport failed: " + ex, ex);
			batch.forEach(
					(sending) -> sending.complete(SendResult.failed(sending.copy, sending.copy.createdAt(), failure)));
		}
	}

	private @Nullable OutboxTransport transport(DeadLetter letter) {
		return this.transports
			.get(Objects.requireNonNullElse(this.settings.transport(), letter.event().destination().transport()));
	}

	/**
	 * The options said where and how the event was to go; they are not for this topic.
	 */
	private OutboxRecord copy(DeadLetter letter, OutboxTransport transport) {
		OutboxRecord event = letter.event();
		String original = event.destination().name();
		Map<String, Object> headers = new LinkedHashMap<>(event.headers());
		headers.put(ORIGINAL_TOPIC, original);
		headers.put(ORIGINAL_TRANSPORT, event.destination().transport());
		headers.put(EVENT_ID, event.id().toString());
		headers.put(ERROR, cut(letter.error()));
		headers.put(FINGERPRINT, letter.fingerprint());
		headers.put(DIED_AT, letter.diedAt().toString());
		headers.put(ATTEMPTS, letter.attempts());
		Map<String, Object> options = new LinkedHashMap<>(transport.defaultOptions());
		Object encoding = event.options().get(OutboxRecord.KEY_ENCODING_OPTION);
		if (encoding != null) {
			options.put(OutboxRecord.KEY_ENCODING_OPTION, encoding);
		}
		Destination topic = new Destination(transport.name(),
				this.settings.topic().replace(ForwardSettings.DESTINATION, original));
		return new OutboxRecord(event.id(), event.key(), event.aggregateType(), event.aggregateId(), event.eventType(),
				event.eventVersion(), topic, options, event.contentType(), headers, event.payload(), event.createdAt());
	}

	private static String cut(String error) {
		if (error.length() <= LONGEST_ERROR) {
			return error;
		}
		return error.substring(0,
				Character.isHighSurrogate(error.charAt(LONGEST_ERROR - 1)) ? LONGEST_ERROR - 1 : LONGEST_ERROR);
	}

	/**
	 * Writes what has become of a copy.
	 * @return whether the broker could be reached
	 */
	private boolean settle(Forward forward, @Nullable SendResult result) {
		SendFailure failure = (result != null) ? result.failure()
				: new SendFailure(FailureKind.UNAVAILABLE, "no answer in time", null);
		if (failure == null) {
			this.store.done(forward.letter().number());
			about(logger.atDebug(), forward.letter()).log("Dead letter {}, event {}, was forwarded to {}",
					forward.letter().number(), forward.letter().event().id(), this.settings.topic());
			tell(forward, ForwardOutcome.FORWARDED);
			if (this.unreachable) {
				this.unreachable = false;
				logger.info("Dead letters are forwarded to {} again", this.settings.topic());
			}
			return true;
		}
		boolean unavailable = failure.kind() == FailureKind.UNAVAILABLE;
		if (failure.kind() == FailureKind.FATAL || !unavailable && forward.attempts() >= this.settings.maxRetries()) {
			end(forward, ForwardOutcome.GIVEN_UP, "the broker does not take it (" + failure.kind() + ")");
			return true;
		}
		this.store.again(forward.letter().number(), this.settings.interval(), !unavailable);
		tell(forward, ForwardOutcome.POSTPONED);
		if (unavailable && !this.unreachable && !this.stopping) {
			this.unreachable = true;
			logger.warn(
					"Dead letters cannot be forwarded to {}, for it cannot be reached; they stay in the outbox, and"
							+ " it is tried again every {} ms. The health of the outbox tells why",
					this.settings.topic(), this.settings.interval().toMillis());
		}
		return !unavailable;
	}

	private void end(Forward forward, ForwardOutcome outcome, String reason) {
		this.store.done(forward.letter().number());
		DeadLetter letter = forward.letter();
		about(logger.atWarn(), letter).log(
				"Dead letter {}, event {}, was not forwarded to {}: {}. It stays a dead letter in the outbox",
				letter.number(), letter.event().id(), this.settings.topic(), reason);
		tell(forward, outcome);
	}

	private static LoggingEventBuilder about(LoggingEventBuilder log, DeadLetter letter) {
		LogFields.add(LogFields.add(log, letter.event()), LogFields.DEAD_LETTER, letter.number());
		return LogFields.add(log, LogFields.FINGERPRINT, letter.fingerprint());
	}

	private void tell(Forward forward, ForwardOutcome outcome) {
		this.listener.onForwarded(forward.letter().event(), outcome);
	}

	/**
	 * A copy on its way.
	 */
	private static final class Sending implements Delivery {

		private final Forward forward;

		private final OutboxRecord copy;

		private final CompletableFuture<SendResult> result = new CompletableFuture<>();

		Sending(Forward forward, OutboxRecord copy) {
			this.forward = forward;
			this.copy = copy;
		}

		@Override
		public OutboxRecord record() {
			return this.copy;
		}

		@Override
		public void complete(SendResult result) {
			this.result.complete(result);
		}

		/**
		 * Returns the answer, {@code null} if there is none in time.
		 */
		@Nullable SendResult await(long nanos) throws InterruptedException {
			try {
				return this.result.get(Math.max(0, nanos), TimeUnit.NANOSECONDS);
			}
			catch (TimeoutException ex) {
				return null;
			}
			catch (ExecutionException ex) {
				throw new IllegalStateException("An answer is never an exception", ex);
			}
		}

	}

}
