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

package dev.outbox.benchmark;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import com.rabbitmq.client.ConnectionFactory;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.listener.OutboxListeners;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.Ordering;
import dev.outbox.relay.RelaySettings;
import dev.outbox.relay.RoutePolicy;
import dev.outbox.retry.ExponentialRetryPolicy;
import dev.outbox.retry.RetrySettings;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.RelayStore;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TopologyMode;
import dev.outbox.transport.kafka.KafkaTransport;
import dev.outbox.transport.rabbit.RabbitTransport;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;

/**
 * The relay as an application gets it without setting anything, and a counter of what it
 * has settled.
 */
final class RelayRig implements AutoCloseable {

	private final HikariDataSource work;

	private final HikariDataSource heartbeat;

	private final CommitSignals signals;

	private final OutboxTransport transport;

	private final OutboxRelay relay;

	private volatile Countdown countdown = new Countdown(Long.MAX_VALUE);

	RelayRig(Target target, Ordering ordering, UnaryOperator<OutboxTransport> decoration) {
		this(target, ordering, decoration, false);
	}

	RelayRig(Target target, Ordering ordering, UnaryOperator<OutboxTransport> decoration, boolean archive) {
		RelaySettings defaults = RelaySettings.defaults();
		RelaySettings settings = new RelaySettings(defaults.partitions(), defaults.batchSize(), defaults.maxInFlight(),
				defaults.maxInFlightBytes(), defaults.lease(), defaults.pollInterval(), defaults.sweepInterval(),
				defaults.publishTimeout(), defaults.destinationPause(), defaults.maxDestinationPause(),
				RoutePolicy.uniform(ordering, false));
		this.work = target.pool("outbox-relay", 2);
		this.heartbeat = target.pool("outbox-lease", 1);
		JdbcDialect dialect = target.dialect();
		this.signals = dialect.commitSignals(new DriverManagerDataSource(target.jdbcUrl(), target.user(), ""),
				EventTable.NAMES);
		this.transport = target.transport().apply(settings);
		RelayStore store = counting(dialect.relayStore(this.work, EventTable.NAMES, archive));
		this.relay = new OutboxRelay(store, dialect.leaseStore(this.heartbeat, EventTable.NAMES, settings.partitions()),
				this.signals, List.of(decoration.apply(this.transport)),
				new ExponentialRetryPolicy(RetrySettings.defaults()), new OutboxListeners(List.of()), settings);
	}

	private RelayStore counting(RelayStore store) {
		Object proxy = Proxy.newProxyInstance(RelayStore.class.getClassLoader(), new Class<?>[] { RelayStore.class },
				(self, method, arguments) -> {
					try {
						Object result = method.invoke(store, arguments);
						if (method.getName().equals("settle")) {
							this.countdown.settled(((Collection<?>) arguments[0]).size());
						}
						return result;
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
		return (RelayStore) proxy;
	}

	OutboxRelay relay() {
		return this.relay;
	}

	/**
	 * Start the relay and wait until it has delivered and deleted what waits.
	 * @param events how many rows there are
	 */
	void drain(long events) throws InterruptedException {
		Countdown started = new Countdown(events);
		this.countdown = started;
		this.relay.start();
		started.await();
	}

	void stop() {
		this.relay.stop(Duration.ofSeconds(20));
	}

	@Override
	public void close() {
		stop();
		this.transport.close();
		this.signals.close();
		this.heartbeat.close();
		this.work.close();
	}

	/**
	 * Where the servers are.
	 *
	 * @param dialect kind of the database
	 * @param jdbcUrl URL of the database
	 * @param user the database's user, who needs no password
	 * @param transport sends to the broker
	 */
	record Target(JdbcDialect dialect, String jdbcUrl, String user,
			Function<RelaySettings, OutboxTransport> transport) {

		static Target of(EventTable table, Servers servers) {
			return of(table, kafka(servers.kafka().bootstrapServers()));
		}

		static Target of(EventTable table, Function<RelaySettings, OutboxTransport> transport) {
			return new Target(table.dialect(), table.database().jdbcUrl(), table.database().user(), transport);
		}

		static Function<RelaySettings, OutboxTransport> kafka(String bootstrapServers) {
			return (settings) -> new KafkaTransport(
					new DefaultKafkaProducerFactory<>(Map.of("bootstrap.servers", bootstrapServers)),
					settings.publishTimeout(), settings.maxInFlightBytes(), Clock.systemUTC());
		}

		static Function<RelaySettings, OutboxTransport> rabbit(ConnectionFactory factory) {
			return (settings) -> new RabbitTransport(new CachingConnectionFactory(factory), settings.publishTimeout(),
					TopologyMode.NONE, Clock.systemUTC());
		}

		HikariDataSource pool(String name, int size) {
			HikariConfig config = new HikariConfig();
			config.setPoolName(name);
			config.setJdbcUrl(this.jdbcUrl);
			config.setUsername(this.user);
			config.setMaximumPoolSize(size);
			config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
			return new HikariDataSource(config);
		}

	}

	/**
	 * Waits until rows have been deleted; only one thread settles.
	 */
	private static final class Countdown {

		private final CountDownLatch done = new CountDownLatch(1);

		private volatile long left;

		Countdown(long events) {
			this.left = events;
		}

		synchronized void settled(int rows) {
			this.left -= rows;
			if (this.left <= 0) {
				this.done.countDown();
			}
		}

		void await() throws InterruptedException {
			for (long before = Long.MAX_VALUE; !this.done.await(30, TimeUnit.SECONDS);) {
				long now = this.left;
				if (now == before) {
					throw new IllegalStateException("The relay has settled nothing in 30 s; " + now + " rows are left");
				}
				before = now;
			}
		}

	}

}
