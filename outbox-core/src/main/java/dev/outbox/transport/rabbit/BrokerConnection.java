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

import com.rabbitmq.client.BlockedListener;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ShutdownListener;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/**
 * A connection of the application's factory, as long as it lives. One that the client
 * brings back to life by itself is another one.
 */
final class BrokerConnection {

	private static final Logger log = LoggerFactory.getLogger(BrokerConnection.class);

	private static final int MANY_CHANNELS = 500;

	private final Connection connection;

	private final com.rabbitmq.client.Connection delegate;

	private final BlockedListener blockedListener;

	private final ShutdownListener shutdownListener = (cause) -> this.lost = true;

	private volatile @Nullable String blocked;

	private volatile boolean lost;

	private BrokerConnection(Connection connection, com.rabbitmq.client.Connection delegate) {
		this.connection = connection;
		this.delegate = delegate;
		this.blockedListener = delegate.addBlockedListener((reason) -> this.blocked = reason,
				() -> this.blocked = null);
		delegate.addShutdownListener(this.shutdownListener);
	}

	/**
	 * Opens the connection on which the application publishes. One that only consumes is
	 * not blocked by an alarm of the broker.
	 * @param application the application's factory
	 * @return a connection that is open
	 * @throws AmqpException if there is none to be had
	 */
	static BrokerConnection open(ConnectionFactory application) {
		ConnectionFactory publishers = application.getPublisherConnectionFactory();
		Connection connection = ((publishers != null) ? publishers : application).createConnection();
		com.rabbitmq.client.Connection delegate = connection.getDelegate();
		if (delegate == null) {
			throw new AmqpException("The connection factory " + application.getClass().getName()
					+ " gives connections that are not of the RabbitMQ client");
		}
		return new BrokerConnection(connection, delegate);
	}

	boolean isOpen() {
		return !this.lost && this.delegate.isOpen();
	}

	/**
	 * Returns why the broker takes no messages at present.
	 * @return the reason, or {@code null} if it takes them
	 */
	@Nullable String blocked() {
		return this.blocked;
	}

	/**
	 * Returns how many channels to keep when nothing is on its way on them.
	 */
	int manyChannels() {
		int most = this.delegate.getChannelMax();
		return (most == 0) ? MANY_CHANNELS : Math.min(MANY_CHANNELS, most / 2);
	}

	/**
	 * Opens a channel that nobody else uses.
	 * @return the channel
	 * @throws IOException if there is none to be had
	 */
	Channel openChannel() throws IOException {
		Channel channel = this.delegate.createChannel();
		if (channel == null) {
			throw new IOException("the connection has as many channels as it may have");
		}
		return channel;
	}

	/**
	 * Gives the connection back to the factory.
	 */
	void release() {
		try {
			this.delegate.removeBlockedListener(this.blockedListener);
			this.delegate.removeShutdownListener(this.shutdownListener);
			this.connection.close();
		}
		catch (RuntimeException ex) {
			log.debug("A connection to RabbitMQ could not be given back", ex);
		}
	}

}
