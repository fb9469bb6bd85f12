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

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

import dev.outbox.transport.BrokerUnavailableException;
import dev.outbox.transport.DeclaredDestination;
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
 * {@link RabbitTopic}, on the connection on which the application publishes. A thread of
 * its own asks the broker; who waits for it, waits no longer than five seconds without an
 * answer.
 * <p>
 * What was created is created again whenever that connection is made anew: what is not
 * durable is lost with the broker. A {@link RabbitTransport} that knows the topology
 * waits for that, before it publishes on the new connection, and has created again what
 * an event did not find. A queue that exists and whose node is down is not missing: as
 * long as nothing else differs, that counts as a broker that could not be asked. Of
 * several differences of one exchange or queue the broker tells the first one only, and
 * of bindings nothing at all: they are created, but not compared.
 */
public final class RabbitTopology implements TopologyManager, AutoCloseable {

	private static final Logger log = LoggerFactory.getLogger(RabbitTopology.class);

	private static final Duration RESTORE_PAUSE = Duration.ofSeconds(1);

	private final DestinationReader reader = new RabbitTopicReader();

	private final ConnectionFactory application;

	private final TopologyThread thread = new TopologyThread();

	private final Set<Class<?>> created = new CopyOnWriteArraySet<>();

	private final Map<String, Set<Class<?>>> byDestination = new ConcurrentHashMap<>();

	private final Map<String, Long> restored = new ConcurrentHashMap<>();

	private final ConnectionListener listener = this::connected;

	private final AtomicBoolean listening = new AtomicBoolean();

	private volatile com.rabbitmq.client.@Nullable Connection latest;

	private volatile @Nullable Future<?> again;

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
		return ask(Declarations.of(eventClasses), false);
	}

	@Override
	public List<TopologyDifference> create(Collection<Class<?>> eventClasses) {
		Declarations declarations = Declarations.of(eventClasses);
		if (declarations.hasExclusiveQueue()) {
			log.warn("An exclusive queue is declared by {}: its events are lost when the connection of this application"
					+ " ends, and no other instance can use it", eventClasses);
		}
		try {
			return ask(declarations, true);
		}
		finally {
			// Also if nobody answered: then whoever connects first has everything
			// created.
			eventClasses.forEach(this::remember);
			listen();
		}
	}

	private void remember(Class<?> eventClass) {
		DeclaredDestination declared = this.reader.read(eventClass);
		if (declared != null && this.created.add(eventClass)) {
			this.byDestination.computeIfAbsent(declared.destination().name(), (name) -> new CopyOnWriteArraySet<>())
				.add(eventClass);
		}
	}

	private ConnectionFactory publishing() {
		ConnectionFactory publishing = this.application.getPublisherConnectionFactory();
		return (publishing != null) ? publishing : this.application;
	}

	private List<TopologyDifference> ask(Declarations declarations, boolean create) {
		try {
			return this.thread.call(() -> apply(declarations, create));
		}
		catch (AmqpException | BrokerUnavailableException ex) {
			throw new BrokerUnavailableException("RabbitMQ at " + this.application.getHost() + ":"
					+ this.application.getPort() + " could not be asked (" + ex.getMessage() + ")", ex);
		}
	}

	private List<TopologyDifference> apply(Declarations declarations, boolean create) {
		Connection connection = publishing().createConnection();
		try {
			com.rabbitmq.client.Connection delegate = connection.getDelegate();
			if (delegate == null) {
				throw new AmqpException("Its connections are not of the RabbitMQ client");
			}
			List<TopologyDifference> differences = requests(delegate, create).apply(declarations);
			this.latest = delegate;
			return differences;
		}
		finally {
			connection.close();
		}
	}

	private TopologyRequests requests(com.rabbitmq.client.Connection delegate, boolean create) {
		return new TopologyRequests(delegate, create, this.thread::answered);
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
	 * Called by whoever connects, while others wait for the connection: asks nothing
	 * here.
	 */
	private void connected(@Nullable Connection connection) {
		com.rabbitmq.client.Connection delegate = (connection != null) ? connection.getDelegate() : null;
		if (delegate != null && delegate != this.latest) {
			this.latest = delegate;
			this.again = this.thread
				.start(() -> createAgain(this.created, (declarations) -> requests(delegate, true).apply(declarations)));
		}
	}

	private void createAgain(Collection<Class<?>> eventClasses,
			Function<Declarations, List<TopologyDifference>> request) {
		try {
			Declarations declarations = Declarations.of(eventClasses,
					(problem) -> log.error("Not created again on RabbitMQ: {}", problem.getMessage()));
			for (TopologyDifference difference : request.apply(declarations)) {
				log.error("What event classes declare differs from what rabbit has when it is created again: {}."
						+ " Events go there as it is. Correct the declaration or the broker", difference);
			}
		}
		catch (RuntimeException ex) {
			log.warn("Could not create again on RabbitMQ what {} declare. Events that go there are kept until it is"
					+ " there. Tried again with the next connection or event", eventClasses, ex);
		}
	}

	/**
	 * Waits until what was created is there again on a connection that is new.
	 */
	void awaitCreatedAgain() {
		Future<?> work = this.again;
		if (work != null) {
			TopologyThread.await(work);
		}
	}

	/**
	 * Has created again what an event did not find, as an exchange that was deleted with
	 * its last queue. Does not wait; the same thing at most once a second.
	 * @param destination name of the exchange, or of a queue behind the default one
	 */
	void missing(String destination) {
		Set<Class<?>> declaring = this.byDestination.get(destination);
		if (declaring != null) {
			long now = System.nanoTime();
			Long last = this.restored.get(destination);
			if (last == null || now - last > RESTORE_PAUSE.toNanos()) {
				this.restored.put(destination, now);
				this.thread.start(() -> createAgain(declaring, (declarations) -> apply(declarations, true)));
			}
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
		this.thread.close();
	}

}
