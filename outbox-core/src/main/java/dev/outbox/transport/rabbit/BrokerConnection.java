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
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;

/**
 * A connection of the application's factory, as long as it lives.
 */
final class BrokerConnection {

	private final Connection connection;

	private final com.rabbitmq.client.Connection delegate;

	private final BlockedListener listener;

	private volatile @Nullable String blocked;

	private BrokerConnection(Connection connection, com.rabbitmq.client.Connection delegate) {
		this.connection = connection;
		this.delegate = delegate;
		this.listener = delegate.addBlockedListener((reason) -> this.blocked = reason, () -> this.blocked = null);
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
		return this.delegate.isOpen();
	}

	/**
	 * Returns why the broker takes no messages at present.
	 * @return the reason, or {@code null} if it takes them
	 */
	@Nullable String blocked() {
		return this.blocked;
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
		this.delegate.removeBlockedListener(this.listener);
		this.connection.close();
	}

}
