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

package dev.outbox.transport.rabbit;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.outbox.FailureKind;
import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OpenSends;
import dev.outbox.transport.OpenSends.OpenSend;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TopologyMode;
import dev.outbox.transport.TransportOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/**
 * Sends events to RabbitMQ exchanges, and waits for the confirm of each.
 * <p>
 * The connection comes from the application's factory: the one on which it publishes, if
 * it keeps that apart. The channels are the transport's own, one for each exchange, and
 * always in confirm mode; whether the application uses confirms itself does not matter.
 * The connection is made with the first event, and made again when it is lost.
 * <p>
 * The event's destination is the exchange, its type the routing key, unless
 * {@link RabbitOptions} say otherwise. The payload arrives byte by byte, headers with
 * their types; the event's id is the message id. Messages are persistent unless asked
 * otherwise.
 * <p>
 * An event counts as delivered when the broker has confirmed it and has not returned it:
 * it is published as mandatory, so that one that no queue takes comes back. {@link #send}
 * never waits: a thread of the transport connects and publishes. Each event has its
 * result after at most 25 seconds, less if the publish timeout is short.
 * <p>
 * Failures: no connection, authentication, an alarm, no confirm in time, a missing
 * exchange or one that the user may not write to are {@link FailureKind#UNAVAILABLE};
 * negative confirms and returned messages {@link FailureKind#RETRIABLE}; a message for
 * which the broker closes the channel without saying more is
 * {@link FailureKind#REJECTED}; a too large one {@link FailureKind#FATAL}. When a channel
 * is closed because of one message, those beside it to the same exchange are repeated.
 */
public final class RabbitTransport implements OutboxTransport {

	/**
	 * The transport's name.
	 */
	public static final String NAME = "rabbit";

	private static final Duration LONGEST_DELIVERY = Duration.ofSeconds(25);

	private static final Duration LONGEST_LOOK = Duration.ofSeconds(1);

	private static final SendFailure CLOSED = RabbitFailures
		.unavailable("The RabbitMQ transport was closed before the outcome was known", null);

	private static final Logger log = LoggerFactory.getLogger(RabbitTransport.class);

	private final OpenSends sends;

	private final RabbitPublisher publisher;

	private final Duration patience;

	private final Map<String, Object> defaultOptions;

	private volatile boolean closed;

	private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor((task) -> {
		Thread thread = new Thread(task, "outbox-rabbit-timer");
		thread.setDaemon(true);
		return thread;
	});

	/**
	 * Creates a transport. Does not connect yet.
	 * @param connectionFactory the application's connection factory
	 * @param publishTimeout how long a send may take in all
	 * @param topology whether an exchange whose type an event names is created, checked
	 * or left alone
	 * @param clock tells when a result arrived
	 */
	public RabbitTransport(ConnectionFactory connectionFactory, Duration publishTimeout, TopologyMode topology,
			Clock clock) {
		this(connectionFactory, publishTimeout, topology, null, null, clock);
	}

	/**
	 * Creates a transport with an exchange for events whose destination is a routing key.
	 * Does not connect yet.
	 * @param connectionFactory the application's connection factory
	 * @param publishTimeout how long a send may take in all
	 * @param topology whether an exchange whose type an event names is created, checked
	 * or left alone
	 * @param exchange the exchange of events that name none; {@code null} if their
	 * destination is the exchange
	 * @param declared creates what classes declare, and again if it has gone;
	 * {@code null} if there is none
	 * @param clock tells when a result arrived
	 */
	public RabbitTransport(ConnectionFactory connectionFactory, Duration publishTimeout, TopologyMode topology,
			@Nullable String exchange, @Nullable RabbitTopology declared, Clock clock) {
		this.defaultOptions = (exchange != null) ? RabbitOptions.builder().exchange(exchange).build().asMap()
				: Map.of();
		this.sends = new OpenSends(clock);
		this.publisher = new RabbitPublisher(connectionFactory, topology, declared);
		this.patience = min(LONGEST_DELIVERY, publishTimeout.multipliedBy(5).dividedBy(6));
		long interval = min(LONGEST_LOOK, this.patience.dividedBy(10)).toNanos();
		this.timer.scheduleWithFixedDelay(this::failLate, interval, interval, TimeUnit.NANOSECONDS);
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public Collection<TransportOption<?>> options() {
		return RabbitOptions.ALL;
	}

	@Override
	public Map<String, Object> defaultOptions() {
		return this.defaultOptions;
	}

	@Override
	public void check(OutboxRecord event) {
		RabbitMessage.check(event);
	}

	@Override
	public void send(List<? extends Delivery> batch) {
		if (this.closed) {
			throw new OutboxException("The RabbitMQ transport is closed: " + batch.size() + " events were not sent"
					+ " and stay in the outbox; another instance or the next start sends them");
		}
		List<OpenSend> added = batch.stream().map(this.sends::add).toList();
		this.publisher.publish(added);
		if (this.closed) {
			this.sends.failAll(CLOSED);
		}
	}

	private void failLate() {
		try {
			this.sends.failOlderThan(this.patience, RabbitFailures.late(this.patience, this.publisher.blocked()));
			this.publisher.forgetEnded();
		}
		catch (RuntimeException | Error ex) {
			log.error("Looking for events that RabbitMQ has not confirmed in time failed; it is repeated", ex);
		}
	}

	/**
	 * Closes the transport's channels. The connection stays the factory's.
	 */
	@Override
	public void close() {
		this.closed = true;
		this.timer.shutdownNow();
		this.sends.failAll(CLOSED);
		this.publisher.close();
		this.sends.failAll(CLOSED);
	}

	private static Duration min(Duration a, Duration b) {
		return (a.compareTo(b) <= 0) ? a : b;
	}

}
