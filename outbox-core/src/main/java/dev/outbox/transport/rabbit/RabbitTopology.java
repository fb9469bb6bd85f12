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

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.outbox.transport.BrokerUnavailableException;
import dev.outbox.transport.DestinationReader;
import dev.outbox.transport.TopologyDifference;
import dev.outbox.transport.TopologyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.Connection;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionListener;

/**
 * Creates and compares the exchanges, queues and bindings that classes declare by
 * {@link RabbitTopic}, on the connection on which the application publishes.
 * <p>
 * What was created is created again whenever that connection is made anew, before
 * anything is published on it: what is not durable is lost with the broker. Of several
 * differences of one exchange or queue the broker tells the first one only, and of
 * bindings nothing at all: they are created, but not compared.
 */
public final class RabbitTopology implements TopologyManager, AutoCloseable {

	private static final Logger log = LoggerFactory.getLogger(RabbitTopology.class);

	private final DestinationReader reader = new RabbitTopicReader();

	private final ConnectionFactory application;

	private final Set<Class<?>> created = ConcurrentHashMap.newKeySet();

	private final ConnectionListener listener = this::createAgain;

	private final AtomicBoolean listening = new AtomicBoolean();

	private volatile com.rabbitmq.client.@Nullable Connection latest;

	/**
	 * Creates a manager of exchanges and queues. Does not connect yet.
	 * @param connectionFactory the application's connection factory
	 */
	public RabbitTopology(ConnectionFactory connectionFactory) {
		this.application = connectionFactory;
	}

	@Override
	public DestinationReader reader() {
		return this.reader;
	}

	@Override
	public List<TopologyDifference> validate(Collection<Class<?>> eventClasses) {
		return apply(Declarations.of(eventClasses), false);
	}

	@Override
	public List<TopologyDifference> create(Collection<Class<?>> eventClasses) {
		Declarations declarations = Declarations.of(eventClasses);
		if (declarations.hasExclusiveQueue()) {
			log.warn("An exclusive queue is declared by {}: its events are lost when the connection of this application"
					+ " ends, and no other instance can use it", eventClasses);
		}
		try {
			return apply(declarations, true);
		}
		finally {
			// Also if nobody answered: then whoever connects first finds everything
			// there.
			this.created.addAll(eventClasses);
			listen();
		}
	}

	private ConnectionFactory publishing() {
		ConnectionFactory publishing = this.application.getPublisherConnectionFactory();
		return (publishing != null) ? publishing : this.application;
	}

	private List<TopologyDifference> apply(Declarations declarations, boolean create) {
		Connection connection = null;
		try {
			connection = publishing().createConnection();
			com.rabbitmq.client.Connection delegate = delegate(connection);
			List<TopologyDifference> differences = new TopologyRequests(delegate, create).apply(declarations);
			this.latest = delegate;
			return differences;
		}
		catch (AmqpException ex) {
			throw new BrokerUnavailableException("RabbitMQ at " + this.application.getHost() + ":"
					+ this.application.getPort() + " could not be asked (" + ex.getMessage() + ")", ex);
		}
		finally {
			if (connection != null) {
				connection.close();
			}
		}
	}

	private static com.rabbitmq.client.Connection delegate(Connection connection) {
		com.rabbitmq.client.Connection delegate = connection.getDelegate();
		if (delegate == null) {
			throw new AmqpException("Its connections are not of the RabbitMQ client");
		}
		return delegate;
	}

	/**
	 * A factory may tell a new listener of the connection that is there already.
	 */
	private void listen() {
		if (this.listening.compareAndSet(false, true)) {
			publishing().addConnectionListener(this.listener);
		}
	}

	/**
	 * Called by whoever connects, while others wait for the connection: takes no lock,
	 * and whatever fails here must not fail the connection of the application.
	 */
	private void createAgain(@Nullable Connection connection) {
		try {
			if (connection == null || connection.getDelegate() == null || connection.getDelegate() == this.latest) {
				return;
			}
			com.rabbitmq.client.Connection delegate = delegate(connection);
			this.latest = delegate;
			for (TopologyDifference difference : new TopologyRequests(delegate, true)
				.apply(Declarations.of(this.created))) {
				log.error("What event classes declare differs from what rabbit has after connecting again: {}. Events"
						+ " go there as it is. Correct the declaration or the broker", difference);
			}
		}
		catch (RuntimeException ex) {
			log.warn("Could not create again on RabbitMQ what {} declare. Events that go there are kept until it is"
					+ " there. Tried again with the next connection", this.created, ex);
		}
	}

	/**
	 * Creates nothing any more. What exists stays.
	 */
	@Override
	public void close() {
		if (this.listening.get()) {
			publishing().removeConnectionListener(this.listener);
		}
	}

}
