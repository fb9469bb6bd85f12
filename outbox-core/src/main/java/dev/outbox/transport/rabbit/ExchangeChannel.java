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
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

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
 */
final class ExchangeChannel {

	private static final Logger log = LoggerFactory.getLogger(ExchangeChannel.class);

	private final Channel channel;

	private final ConcurrentNavigableMap<Long, Publication> unconfirmed = new ConcurrentSkipListMap<>();

	/**
	 * What the broker has counted. The client's own number also counts what it has
	 * refused to write.
	 */
	private long written;

	private volatile boolean finished;

	private @Nullable ExchangeKind kind;

	/**
	 * Takes over a channel.
	 * @param channel the channel, which nobody else uses
	 * @throws IOException if the channel cannot be used
	 */
	ExchangeChannel(Channel channel) throws IOException {
		this.channel = channel;
		channel.addShutdownListener(this::closed);
		channel.addConfirmListener((tag, multiple) -> confirmed(tag, multiple, true),
				(tag, multiple) -> confirmed(tag, multiple, false));
		channel.addReturnListener(this::returned);
		channel.confirmSelect();
	}

	/**
	 * Publishes a message. Its outcome is reported, whatever happens, unless the channel
	 * had been finished before.
	 * @param publication who waits for the outcome
	 * @param message the message
	 * @return {@code false} if the channel was finished before: the message was not sent
	 */
	boolean publish(Publication publication, RabbitMessage message) {
		if (this.finished) {
			return false;
		}
		long tag = this.written + 1;
		this.unconfirmed.put(tag, publication);
		try {
			this.channel.basicPublish(message.exchange(), message.routingKey(), true, message.properties(),
					message.body());
			this.written = tag;
			return true;
		}
		catch (IllegalArgumentException ex) {
			// The protocol cannot express the message: nothing was written.
			this.unconfirmed.remove(tag);
			publication.fail(RabbitFailures.impossible(ex));
			return true;
		}
		catch (IOException | RuntimeException | Error ex) {
			// Whether it was written is not known, and so neither is which number the
			// next one would have. What was written before has its confirms.
			this.finished = true;
			boolean unsent = this.unconfirmed.remove(tag) != null && ex instanceof ShutdownSignalException;
			if (!unsent) {
				publication.fail(RabbitFailures.notWritten(ex));
			}
			return !unsent;
		}
	}

	private void confirmed(long tag, boolean multiple, boolean ack) {
		if (!multiple) {
			confirmed(this.unconfirmed.remove(tag), ack);
			return;
		}
		ConcurrentNavigableMap<Long, Publication> all = this.unconfirmed.headMap(tag, true);
		for (var first = all.pollFirstEntry(); first != null; first = all.pollFirstEntry()) {
			confirmed(first.getValue(), ack);
		}
	}

	private void confirmed(@Nullable Publication publication, boolean ack) {
		if (publication != null) {
			publication.confirmed(ack);
		}
	}

	/**
	 * The message may be on its way twice, if the first time was too long ago.
	 */
	private void returned(Return message) {
		String reply = message.getReplyCode() + " " + message.getReplyText();
		String id = message.getProperties().getMessageId();
		this.unconfirmed.values()
			.stream()
			.filter((publication) -> publication.hasId(id))
			.forEach((publication) -> publication.returned(reply));
	}

	private void closed(ShutdownSignalException cause) {
		this.finished = true;
		boolean alone = this.unconfirmed.size() == 1;
		for (var first = this.unconfirmed.pollFirstEntry(); first != null; first = this.unconfirmed.pollFirstEntry()) {
			first.getValue().closed(cause, alone);
		}
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

	/**
	 * Whether nothing can be published here any more.
	 */
	boolean isFinished() {
		return this.finished;
	}

	/**
	 * Whether nothing is on its way.
	 */
	boolean isIdle() {
		return this.unconfirmed.isEmpty();
	}

	/**
	 * Closes the channel, whatever becomes of what is on its way.
	 */
	void abort() {
		this.finished = true;
		try {
			this.channel.abort();
		}
		catch (IOException | RuntimeException ex) {
			log.debug("A channel to RabbitMQ could not be closed", ex);
		}
	}

}
