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
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import dev.outbox.BatchResult;
import dev.outbox.FailureKind;
import dev.outbox.InvalidMessageException;
import dev.outbox.InvalidMessageException.Reason;
import dev.outbox.MessageSender;
import dev.outbox.OutboxException;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import dev.outbox.SenderClosedException;
import dev.outbox.UnroutableEventException;
import dev.outbox.transport.OutboxTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages through transports, at once and without the outbox.
 * <p>
 * Open from its creation. {@link #stop} refuses further messages and waits for those that
 * are on their way; {@link #start} takes messages again; {@link #close} is for good. The
 * transports stay open: they belong to whoever has made them.
 */
public final class TransportMessageSender implements MessageSender, AutoCloseable {

	private static final Logger log = LoggerFactory.getLogger(TransportMessageSender.class);

	private final Map<String, OutboxTransport> transports = new TreeMap<>();

	private final OutboxRecordFactory records;

	private final SendSettings settings;

	private final Clock clock;

	/**
	 * By transports: a broker that does not answer takes no room from the others.
	 */
	private final Map<String, SendWindow> windows = new TreeMap<>();

	private final CallbackThreads callbacks = new CallbackThreads();

	private final Object state = new Object();

	private volatile boolean stopped;

	private volatile boolean ended;

	/**
	 * Creates a sender.
	 * @param transports send the messages; not closed by the sender
	 * @param records prepares the messages
	 * @param settings the settings
	 * @param clock tells when an outcome was known
	 */
	public TransportMessageSender(Collection<? extends OutboxTransport> transports, OutboxRecordFactory records,
			SendSettings settings, Clock clock) {
		for (OutboxTransport transport : transports) {
			if (this.transports.put(transport.name(), transport) != null) {
				throw new IllegalArgumentException("Two transports of a sender have the name '" + transport.name()
						+ "'. No sender was created. Give each a name of its own.");
			}
			this.windows.put(transport.name(), new SendWindow(settings.maxEvents(), settings.maxBytes()));
		}
		this.records = records;
		this.settings = settings;
		this.clock = clock;
	}

	/**
	 * Starts to put a sender together, for an application without Spring Boot.
	 * @param transport sends the messages
	 * @param others further transports; each has a name of its own
	 * @return a builder
	 */
	public static MessageSenderBuilder builder(OutboxTransport transport, OutboxTransport... others) {
		return new MessageSenderBuilder(transport, others);
	}

	@Override
	public CompletableFuture<SendResult> send(Object event) {
		MessageSend send = prepare(Collections.singletonList(event)).get(0);
		CompletableFuture<SendResult> future = new CompletableFuture<>();
		send.outcome().whenCompleteAsync((result, impossible) -> tell(future, result), this.callbacks);
		handOver(List.of(send));
		return future;
	}

	/**
	 * Waits for the outcome itself: it is known also while everybody who tells of
	 * outcomes is busy with what callers do there.
	 */
	@Override
	public SendResult sendAndWait(Object event) {
		MessageSend send = prepare(Collections.singletonList(event)).get(0);
		handOver(List.of(send));
		return send.outcome().join().orThrow();
	}

	private static void tell(CompletableFuture<SendResult> future, SendResult result) {
		try {
			future.complete(result.orThrow());
		}
		catch (OutboxException ex) {
			future.completeExceptionally(ex);
		}
	}

	@Override
	public CompletableFuture<BatchResult> sendAll(Iterable<?> events) {
		List<MessageSend> sends = prepare(events);
		List<CompletableFuture<SendResult>> outcomes = sends.stream().map(MessageSend::outcome).toList();
		CompletableFuture<BatchResult> future = CompletableFuture.allOf(outcomes.toArray(CompletableFuture<?>[]::new))
			.thenApplyAsync((done) -> new BatchResult(outcomes.stream().map(CompletableFuture::join).toList()),
					this.callbacks);
		handOver(sends);
		return future;
	}

	private List<MessageSend> prepare(Iterable<?> events) {
		if (this.stopped) {
			throw new SenderClosedException(OutboxRecordFactory.describe(events));
		}
		List<MessageSend> sends = new ArrayList<>();
		for (Object event : events) {
			OutboxRecord record = record(event);
			sends.add(new MessageSend(record, transportOf(record), this.clock, this.settings.publishTimeout()));
		}
		return sends;
	}

	private OutboxRecord record(@Nullable Object event) {
		if (event == null) {
			throw new InvalidMessageException(Reason.NO_EVENT,
					"Cannot send null. Nothing has been sent. Send an event or an OutboxMessage.");
		}
		if (event instanceof OutboxMessage message) {
			refuse("deliverAt", message.deliverAt(), message);
			refuse("deliverAfter", message.deliverAfter(), message);
			refuse("idempotencyKey", message.idempotencyKey(), message);
		}
		return this.records.create(event, Map.of())
			.orElseThrow(() -> new UnroutableEventException("Cannot send " + describe(event)
					+ ": the filter of its route leaves it out. Nothing has been sent. Ask for the same before sending,"
					+ " or remove the filter."))
			.record();
	}

	private OutboxTransport transportOf(OutboxRecord record) {
		OutboxTransport transport = this.transports.get(record.destination().transport());
		if (transport == null) {
			String problem = "Cannot send event " + record.id() + " of type '" + record.eventType() + "' to "
					+ record.destination() + ": there is no such transport. Nothing has been sent. Name one of ";
			throw new UnroutableEventException(
					problem + this.transports.keySet() + ", or add the starter of that broker.");
		}
		return transport;
	}

	private static void refuse(String field, @Nullable Object value, OutboxMessage message) {
		if (value != null) {
			String problem = "Cannot send " + describe(message) + ": it asks for " + field + ", which needs a store.";
			throw new InvalidMessageException(Reason.NEEDS_OUTBOX, problem
					+ " Nothing has been sent. Leave it out, or publish the message through an OutboxPublisher.");
		}
	}

	private static String describe(Object event) {
		return OutboxRecordFactory.describe(List.of(event));
	}

	private void handOver(List<MessageSend> sends) {
		Duration timeout = this.settings.publishTimeout();
		long deadline = System.nanoTime() + timeout.toNanos();
		Map<String, Passage> passages = new LinkedHashMap<>();
		for (MessageSend send : sends) {
			passages.computeIfAbsent(send.transport().name(), (name) -> passage(name, send.transport(), timeout))
				.add(send);
		}
		Passage.handOver(passages.values(), deadline);
	}

	private Passage passage(String name, OutboxTransport transport, Duration timeout) {
		return new Passage(transport, Objects.requireNonNull(this.windows.get(name)), timeout);
	}

	/**
	 * Takes messages again after {@link #stop}. Has no effect on a closed sender.
	 */
	public void start() {
		synchronized (this.state) {
			if (!this.ended) {
				this.windows.values().forEach(SendWindow::open);
				this.stopped = false;
			}
		}
	}

	/**
	 * Takes no more messages and waits for those that are on their way. What has no
	 * outcome then fails: the broker may have it nevertheless.
	 * @param timeout how long to wait
	 */
	public void stop(Duration timeout) {
		long deadline = System.nanoTime() + timeout.toNanos();
		synchronized (this.state) {
			this.stopped = true;
			this.windows.values().forEach(SendWindow::close);
		}
		List<MessageSend> unanswered = this.windows.values()
			.stream()
			.flatMap((window) -> window.awaitEmpty(deadline).stream())
			.toList();
		if (unanswered.isEmpty()) {
			return;
		}
		log.warn("The sender stops although {} message(s) have not been answered within {} ms"
				+ " (outbox.shutdown-timeout), the first of them {}. Their senders are told so; the broker may have them"
				+ " nevertheless", unanswered.size(), timeout.toMillis(), unanswered.get(0).record());
		unanswered.forEach((send) -> send.fail(FailureKind.UNAVAILABLE,
				"The sender was closed before the broker's answer arrived", null));
	}

	/**
	 * Returns whether messages are taken.
	 * @return {@code true} until the sender is stopped or closed
	 */
	public boolean isRunning() {
		return !this.stopped;
	}

	/**
	 * Stops for good, after waiting for what is on its way and for those who are being
	 * told of an outcome, {@code outbox.shutdown-timeout} each at most. Whoever has not
	 * ended then goes on, and those behind it are told when it has.
	 */
	@Override
	public void close() {
		synchronized (this.state) {
			this.ended = true;
		}
		Duration patience = this.settings.shutdownTimeout();
		stop(patience);
		if (!this.callbacks.close(patience)) {
			log.warn("The sender was closed although what is attached to its futures has not ended within {} ms"
					+ " (outbox.shutdown-timeout). It goes on; futures that wait for it are completed then."
					+ " What blocks belongs on an executor of the application", patience.toMillis());
		}
	}

}
