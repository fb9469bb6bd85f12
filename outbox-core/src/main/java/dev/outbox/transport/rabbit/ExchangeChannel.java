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
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ShutdownSignalException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A channel on which all messages go to one exchange: what closes it can only be the
 * fault of that exchange or of its messages. One thread publishes; confirms, returns and
 * the end of the channel are reported by the thread of the connection.
 * <p>
 * When one of several messages has closed the channel and nobody knows which, all of them
 * are suspects: they are sent alone when they come again.
 */
final class ExchangeChannel {

	private static final Logger log = LoggerFactory.getLogger(ExchangeChannel.class);

	/**
	 * Number of suspects above which all are forgotten: those that have not come again go
	 * by another instance.
	 */
	private static final int MANY = 10_000;

	private final Channel channel;

	private final Set<UUID> suspects;

	private final Consumer<ExchangeChannel> onChange;

	private final ConcurrentNavigableMap<Long, Publication> unconfirmed = new ConcurrentSkipListMap<>();

	private final Queue<Publication> waiting = new ConcurrentLinkedQueue<>();

	private @Nullable Publication alone;

	private @Nullable ExchangeKind kind;

	/**
	 * Takes over a channel.
	 * @param channel the channel, which nobody else uses
	 * @param suspects the messages that are sent alone; a set that can be used by several
	 * threads
	 * @param onChange is told when something that waits may be sent, or never will be
	 * here. Called by the thread of the connection
	 * @throws IOException if the channel cannot be used
	 */
	ExchangeChannel(Channel channel, Set<UUID> suspects, Consumer<ExchangeChannel> onChange) throws IOException {
		this.channel = channel;
		this.suspects = suspects;
		this.onChange = onChange;
		channel.confirmSelect();
		channel.addConfirmListener((tag, multiple) -> confirmed(tag, multiple, true),
				(tag, multiple) -> confirmed(tag, multiple, false));
		channel.addReturnListener(this::returned);
		channel.addShutdownListener(this::closed);
	}

	/**
	 * Publishes a message, or lets it wait for those before it.
	 * @param publication the message
	 * @return {@code false} if the channel was closed before: the message was not sent
	 */
	boolean publish(Publication publication) {
		if (this.waiting.isEmpty() && isFree(publication)) {
			return write(publication);
		}
		this.waiting.add(publication);
		if (this.unconfirmed.isEmpty()) {
			// The last confirm may have come before anything waited for it.
			resume();
		}
		// Whoever closes the channel from now on sees what waits.
		return this.channel.isOpen() || !this.waiting.remove(publication);
	}

	/**
	 * Sends what waits, as far as it may be sent now.
	 */
	void resume() {
		for (Publication next = this.waiting.peek(); next != null && isFree(next); next = this.waiting.peek()) {
			if (next.isAwaited() && !write(next)) {
				return;
			}
			this.waiting.remove();
		}
	}

	private boolean isFree(Publication publication) {
		return (this.alone == null || this.alone.isDone()) && (!isSuspect(publication) || this.unconfirmed.isEmpty());
	}

	private boolean isSuspect(Publication publication) {
		return !this.suspects.isEmpty() && this.suspects.contains(publication.id());
	}

	private boolean write(Publication publication) {
		this.alone = isSuspect(publication) ? publication : null;
		RabbitMessage message = publication.message();
		long tag = this.channel.getNextPublishSeqNo();
		this.unconfirmed.put(tag, publication);
		try {
			this.channel.basicPublish(message.exchange(), message.routingKey(), true, message.properties(),
					message.body());
		}
		catch (AlreadyClosedException ex) {
			// Not sent, unless the thread of the connection has already reported it.
			return this.unconfirmed.remove(tag) == null;
		}
		catch (IOException ex) {
			this.unconfirmed.remove(tag);
			publication.fail(RabbitFailures.notWritten(ex));
		}
		catch (RuntimeException ex) {
			this.unconfirmed.remove(tag);
			publication.fail(RabbitFailures.impossible(ex));
			// The client has counted a message that the broker has not seen.
			abort();
		}
		return true;
	}

	private void confirmed(long tag, boolean multiple, boolean ack) {
		if (multiple) {
			ConcurrentNavigableMap<Long, Publication> all = this.unconfirmed.headMap(tag, true);
			for (var first = all.pollFirstEntry(); first != null; first = all.pollFirstEntry()) {
				confirmed(first.getValue(), ack);
			}
		}
		else {
			Publication publication = this.unconfirmed.remove(tag);
			if (publication != null) {
				confirmed(publication, ack);
			}
		}
		if (!this.waiting.isEmpty() && this.unconfirmed.isEmpty()) {
			this.onChange.accept(this);
		}
	}

	private void confirmed(Publication publication, boolean ack) {
		if (!this.suspects.isEmpty()) {
			this.suspects.remove(publication.id());
		}
		publication.confirmed(ack);
	}

	private void returned(Return message) {
		String id = message.getProperties().getMessageId();
		this.unconfirmed.values()
			.stream()
			.filter((publication) -> !publication.isReturned() && publication.id().toString().equals(id))
			.findFirst()
			.ifPresent((publication) -> publication.returned(message.getReplyCode() + " " + message.getReplyText()));
	}

	private void closed(ShutdownSignalException cause) {
		boolean single = this.unconfirmed.size() == 1;
		boolean suspicious = !single && !cause.isInitiatedByApplication() && RabbitFailures.isOfSomeMessage(cause);
		if (suspicious && this.suspects.size() > MANY) {
			this.suspects.clear();
		}
		for (var first = this.unconfirmed.pollFirstEntry(); first != null; first = this.unconfirmed.pollFirstEntry()) {
			Publication publication = first.getValue();
			if (suspicious) {
				this.suspects.add(publication.id());
			}
			publication.fail(RabbitFailures.closed(cause, publication.message(), single));
		}
		this.onChange.accept(this);
	}

	/**
	 * Returns whether the exchange is known to be what an event wants it to be.
	 */
	boolean isFor(@Nullable ExchangeKind wanted) {
		return wanted == null || wanted.equals(this.kind);
	}

	void checked(@Nullable ExchangeKind kind) {
		this.kind = kind;
	}

	boolean isOpen() {
		return this.channel.isOpen();
	}

	/**
	 * Whether nothing is on its way.
	 */
	boolean isIdle() {
		return this.unconfirmed.isEmpty() && this.waiting.isEmpty();
	}

	/**
	 * Takes what has not been sent out of a channel that is closed.
	 * @return the messages in their order
	 */
	List<Publication> takeWaiting() {
		List<Publication> left = List.copyOf(this.waiting);
		this.waiting.clear();
		return left;
	}

	/**
	 * Closes the channel, whatever becomes of what is on its way.
	 */
	void abort() {
		try {
			this.channel.abort();
		}
		catch (IOException | RuntimeException ex) {
			log.debug("A channel to RabbitMQ could not be closed", ex);
		}
	}

}
