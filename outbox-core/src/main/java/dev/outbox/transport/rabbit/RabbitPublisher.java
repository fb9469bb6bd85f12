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
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownSignalException;
import dev.outbox.LogFields;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.transport.OpenSends.OpenSend;
import dev.outbox.transport.TopologyMode;
import dev.outbox.transport.TransportOption;
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

	private static final int ATTEMPTS = 3;

	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private final ConnectionFactory factory;

	private final TopologyMode topology;

	private final @Nullable RabbitTopology declared;

	private final ExecutorService thread = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "outbox-rabbit-publisher");
		thread.setDaemon(true);
		return thread;
	});

	private final Queue<OpenSend> queue = new ConcurrentLinkedQueue<>();

	private final AtomicBoolean woken = new AtomicBoolean();

	private final List<ExchangeChannel> finishing = new ArrayList<>();

	private final Map<String, ExchangeChannel> channels = new LinkedHashMap<>(16, 0.75f, true);

	private volatile @Nullable BrokerConnection connection;

	RabbitPublisher(ConnectionFactory factory, TopologyMode topology, @Nullable RabbitTopology declared) {
		this.factory = factory;
		this.topology = topology;
		this.declared = declared;
	}

	/**
	 * Publishes messages in their order. Does not wait.
	 * @param sends the messages; nothing becomes of them if the publisher is closed
	 */
	void publish(List<OpenSend> sends) {
		this.queue.addAll(sends);
		try {
			if (this.woken.compareAndSet(false, true)) {
				this.thread.execute(this::drain);
			}
		}
		catch (RejectedExecutionException ex) {
			log.debug("The transport was closed meanwhile");
		}
	}

	/**
	 * Lets go of messages whose time is over while the thread waits for the broker.
	 */
	void forgetEnded() {
		this.queue.removeIf((send) -> !send.isOpen());
	}

	private void drain() {
		this.woken.set(false);
		for (OpenSend next = this.queue.poll(); next != null; next = this.queue.poll()) {
			OutboxRecord event = next.pending();
			if (event != null) {
				convertAndPublish(next, event);
			}
		}
	}

	/**
	 * Only what the message itself is can make it fatal. It is checked again: who has
	 * stored it need not have had this transport.
	 */
	private void convertAndPublish(OpenSend send, OutboxRecord event) {
		Optional<String> unknown = TransportOption.unknown(event.options(), RabbitOptions.ALL);
		if (unknown.isPresent()) {
			send.fail(RabbitFailures.unknownOption(unknown.get()));
			return;
		}
		RabbitMessage message;
		try {
			RabbitMessage.check(event);
			message = RabbitMessage.of(event);
		}
		catch (IllegalArgumentException ex) {
			send.fail(RabbitFailures.impossible(ex));
			return;
		}
		publishOrFail(send, message);
	}

	private void publishOrFail(OpenSend send, RabbitMessage message) {
		try {
			String blocked = connection().blocked();
			if (blocked != null) {
				send.fail(RabbitFailures.blocked(blocked));
			}
			else {
				publish(send, message);
			}
		}
		catch (AmqpException ex) {
			// One attempt to connect is enough for all that waits.
			SendFailure failure = RabbitFailures.noConnection(ex);
			send.fail(failure);
			for (OpenSend next = this.queue.poll(); next != null; next = this.queue.poll()) {
				next.fail(failure);
			}
		}
		catch (RuntimeException | Error ex) {
			LogFields.add(log.atError(), send.record())
				.setCause(ex)
				.log("Event {} could not be sent for a reason that is not foreseen", send.record().id());
			send.fail(RabbitFailures.unavailable("The event could not be sent: " + ex, ex));
		}
	}

	private void publish(OpenSend send, RabbitMessage message) {
		Publication publication = new Publication(send, message, this::missing);
		try {
			for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
				// A channel may close at any moment; nothing has been sent then.
				if (channel(connection(), message).publish(publication, message)) {
					return;
				}
			}
			publication.fail(RabbitFailures
				.unavailable("RabbitMQ closed each of " + ATTEMPTS + " channels before anything was sent", null));
		}
		catch (IOException | ShutdownSignalException ex) {
			publication.fail(RabbitFailures.notSent(ex, publication.route()));
		}
	}

	private BrokerConnection connection() {
		BrokerConnection current = this.connection;
		if (current == null || !current.isOpen()) {
			leave();
			current = BrokerConnection.open(this.factory);
			this.connection = current;
			if (this.declared != null) {
				this.declared.awaitCreatedAgain();
			}
		}
		return current;
	}

	private void missing(Publication.Route route) {
		if (this.declared != null) {
			this.declared.missing(route.exchange().isEmpty() ? route.routingKey() : route.exchange());
		}
	}

	private ExchangeChannel channel(BrokerConnection current, RabbitMessage message) throws IOException {
		ExchangeChannel channel = this.channels.get(message.exchange());
		if (channel != null && channel.isFinished()) {
			this.channels.remove(message.exchange());
			// What is on its way there may still be confirmed.
			this.finishing.add(channel);
			channel = null;
		}
		if (channel == null) {
			closeIdle(current.manyChannels());
			channel = open(current);
			this.channels.put(message.exchange(), channel);
		}
		ExchangeKind kind = message.kind();
		if (kind != null && this.topology != TopologyMode.NONE && !channel.isFor(kind)) {
			kind.apply(message.exchange(), this.topology, current);
			channel.checked(kind);
		}
		return channel;
	}

	private static ExchangeChannel open(BrokerConnection current) throws IOException {
		Channel channel = current.openChannel();
		try {
			return new ExchangeChannel(channel);
		}
		catch (IOException | RuntimeException ex) {
			channel.abort();
			throw ex;
		}
	}

	private void closeIdle(int many) {
		this.finishing.removeIf((channel) -> {
			boolean idle = channel.isIdle();
			if (idle) {
				channel.abort();
			}
			return idle;
		});
		Iterator<ExchangeChannel> leastRecentlyUsed = this.channels.values().iterator();
		while (this.channels.size() >= many && leastRecentlyUsed.hasNext()) {
			ExchangeChannel channel = leastRecentlyUsed.next();
			if (channel.isIdle()) {
				leastRecentlyUsed.remove();
				channel.abort();
			}
		}
	}

	private void leave() {
		BrokerConnection former = this.connection;
		this.connection = null;
		this.channels.values().forEach(ExchangeChannel::abort);
		this.channels.clear();
		this.finishing.forEach(ExchangeChannel::abort);
		this.finishing.clear();
		if (former != null) {
			former.release();
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
			this.thread.execute(this::leave);
		}
		catch (RejectedExecutionException ex) {
			log.debug("The transport was closed before");
		}
		this.thread.shutdown();
		try {
			if (!this.thread.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
				this.thread.shutdownNow();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
