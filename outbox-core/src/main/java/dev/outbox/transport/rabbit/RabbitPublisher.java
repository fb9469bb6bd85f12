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

import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.outbox.OutboxException;
import dev.outbox.SendFailure;
import dev.outbox.transport.OpenSends.OpenSend;
import dev.outbox.transport.TopologyMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/**
 * The thread that publishes. It alone opens connections and channels, and it may have to
 * wait for them: who hands messages over never does.
 */
final class RabbitPublisher {

	private static final Logger log = LoggerFactory.getLogger(RabbitPublisher.class);

	/**
	 * Number of channels above which those are closed that nothing is on its way on.
	 */
	private static final int MANY = 64;

	private static final int ATTEMPTS = 3;

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private final ConnectionFactory factory;

	private final TopologyMode topology;

	private final ExecutorService thread = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "outbox-rabbit-publisher");
		thread.setDaemon(true);
		return thread;
	});

	private final Map<String, ExchangeChannel> channels = new LinkedHashMap<>(16, 0.75f, true);

	private final Set<UUID> suspects = ConcurrentHashMap.newKeySet();

	private volatile @Nullable BrokerConnection connection;

	RabbitPublisher(ConnectionFactory factory, TopologyMode topology) {
		this.factory = factory;
		this.topology = topology;
	}

	/**
	 * Publishes messages in their order. Does not wait.
	 * @param sends the messages
	 */
	void publish(List<OpenSend> sends) {
		try {
			this.thread.execute(() -> publishAll(sends));
		}
		catch (RejectedExecutionException ex) {
			throw new OutboxException("The RabbitMQ transport is closed: " + sends.size() + " events were not sent"
					+ " and stay in the outbox; another instance or the next start sends them", ex);
		}
	}

	private void publishAll(List<OpenSend> sends) {
		Iterator<OpenSend> next = sends.iterator();
		while (next.hasNext()) {
			OpenSend send = next.next();
			if (!send.isOpen()) {
				continue;
			}
			try {
				connection();
			}
			catch (RuntimeException ex) {
				// One attempt to connect is enough for all of them.
				SendFailure failure = RabbitFailures.noConnection(ex);
				send.fail(failure);
				next.forEachRemaining((other) -> other.fail(failure));
				return;
			}
			publish(send);
		}
	}

	private void publish(OpenSend send) {
		try {
			RabbitMessage.check(send.record());
			publish(new Publication(send, RabbitMessage.of(send.record())));
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			send.fail(RabbitFailures.impossible(ex));
		}
		catch (RuntimeException | Error ex) {
			log.error("Event {} could not be sent for a reason that is not foreseen", send.record().id(), ex);
			send.fail(RabbitFailures.unavailable("The event could not be sent: " + ex, ex));
		}
	}

	private void publish(Publication publication) {
		RabbitMessage message = publication.message();
		try {
			for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
				BrokerConnection current = connection();
				String blocked = current.blocked();
				if (blocked != null) {
					publication.fail(RabbitFailures.blocked(blocked));
					return;
				}
				// A channel may close at any moment; nothing has been sent then.
				if (channel(current, message).publish(publication)) {
					return;
				}
			}
			publication.fail(RabbitFailures
				.unavailable("RabbitMQ closed each of " + ATTEMPTS + " channels before anything was sent", null));
		}
		catch (AmqpException | IOException | ShutdownSignalException ex) {
			publication.fail(RabbitFailures.notSent(ex, message));
		}
	}

	private BrokerConnection connection() {
		BrokerConnection current = this.connection;
		if (current == null || !current.isOpen()) {
			forget(current);
			current = BrokerConnection.open(this.factory);
			this.connection = current;
		}
		return current;
	}

	private ExchangeChannel channel(BrokerConnection current, RabbitMessage message) throws IOException {
		ExchangeChannel channel = this.channels.get(message.exchange());
		if (channel == null || !channel.isOpen()) {
			closeIdle();
			channel = new ExchangeChannel(current.openChannel(), this.suspects, this::changed);
			this.channels.put(message.exchange(), channel);
		}
		ExchangeKind kind = message.kind();
		if (kind != null && this.topology != TopologyMode.NONE && !channel.isFor(kind)) {
			// Not on the channel of the exchange: it would be closed with all that is on
			// its way.
			Channel temporary = current.openChannel();
			try {
				kind.apply(message.exchange(), this.topology, temporary);
			}
			finally {
				temporary.abort();
			}
			channel.checked(kind);
		}
		return channel;
	}

	private void forget(@Nullable BrokerConnection former) {
		this.channels.clear();
		if (former != null) {
			former.release();
		}
	}

	private void closeIdle() {
		Iterator<ExchangeChannel> leastRecentlyUsed = this.channels.values().iterator();
		while (this.channels.size() >= MANY && leastRecentlyUsed.hasNext()) {
			ExchangeChannel channel = leastRecentlyUsed.next();
			if (channel.isIdle()) {
				leastRecentlyUsed.remove();
				channel.abort();
			}
		}
	}

	private void changed(ExchangeChannel channel) {
		try {
			this.thread.execute(() -> {
				if (channel.isOpen()) {
					channel.resume();
				}
				else {
					channel.takeWaiting().forEach(this::publish);
				}
			});
		}
		catch (RejectedExecutionException ex) {
			log.debug("A channel of a transport that is closed has changed");
		}
	}

	/**
	 * Returns why the broker takes no messages at present.
	 * @return the reason, or {@code null} if it takes them
	 */
	@Nullable String blocked() {
		BrokerConnection current = this.connection;
		return (current != null && current.isOpen()) ? current.blocked() : null;
	}

	/**
	 * Closes all channels and gives the connection back. Takes two seconds at most, even
	 * if the broker does not answer.
	 */
	void close() {
		try {
			this.thread.execute(() -> {
				this.channels.values().forEach(ExchangeChannel::abort);
				forget(this.connection);
			});
			this.thread.shutdown();
			if (!this.thread.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
				this.thread.shutdownNow();
			}
		}
		catch (RejectedExecutionException ex) {
			log.debug("The transport was closed before");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
