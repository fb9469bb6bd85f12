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
package dev.outbox.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.outbox.publish.HeaderSettings;
import dev.outbox.relay.Ordering;
import dev.outbox.store.ArchivePartition;
import dev.outbox.transport.TopologyMode;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Properties of the outbox.
 *
 * @param enabled Whether the outbox is enabled.
 * @param transport Name of the transport of events whose route names none, for example
 * "kafka". Needed only if there are several.
 * @param source Source of the events, as consumers see it in the CloudEvents header. Name
 * of the application by default.
 * @param publishTimeout Time after which a send that the broker has not answered counts
 * as failed.
 * @param shutdownTimeout Time for finishing what has been handed to the broker when the
 * application stops.
 * @param routes Where events go, by their logical type. A type that contains dots is
 * written in brackets.
 * @param topics Names of destinations that nothing else names.
 * @param topology Destinations that event classes declare.
 * @param headers Headers that are added to each event.
 * @param write Writing events to the outbox.
 * @param relay Delivering events to the broker.
 * @param send Sending messages at once, without the outbox.
 * @param retry Sending events again that a broker did not accept.
 * @param schema Creating and checking the tables.
 * @param store Where the outbox is stored.
 * @param published What becomes of events that have been delivered.
 * @param deadLetter What becomes of events that were given up.
 * @param cleanup Removing what has been kept long enough.
 * @param mongodb Storing the outbox in MongoDB.
 * @param rabbit Sending to RabbitMQ.
 * @param metrics Measuring the outbox.
 * @param audit What is kept of changes that operators make.
 * @param applicationEvents Which outcomes are published as application events.
 * @param health What the health indicator reports.
 * @param doctor What the doctor looks at, and when.
 */
@ConfigurationProperties("outbox")
public record OutboxProperties(@DefaultValue("true") boolean enabled, @Nullable String transport,
		@Nullable String source, @DefaultValue("30s") Duration publishTimeout,
		@DefaultValue("20s") Duration shutdownTimeout, @DefaultValue Map<String, Route> routes,
		@DefaultValue Topics topics, @DefaultValue Topology topology, @DefaultValue Headers headers,
		@DefaultValue Write write, @DefaultValue Relay relay, @DefaultValue Send send, @DefaultValue Retry retry,
		@DefaultValue Schema schema, @DefaultValue Store store, @DefaultValue Published published,
		@DefaultValue DeadLetter deadLetter, @DefaultValue Cleanup cleanup, @DefaultValue Mongodb mongodb,
		@DefaultValue Rabbit rabbit, @DefaultValue Metrics metrics, @DefaultValue Audit audit,
		@DefaultValue("failures") ApplicationEvents applicationEvents,
		@NestedConfigurationProperty @DefaultValue HealthProperties health,
		@NestedConfigurationProperty @DefaultValue DoctorProperties doctor) {

	public OutboxProperties {
		Require.text("outbox.transport", transport);
		Require.text("outbox.source", source);
		Require.positive("outbox.publish-timeout", publishTimeout);
		Require.positive("outbox.shutdown-timeout", shutdownTimeout);
		routes = Map.copyOf(routes);
		routes.forEach((type, route) -> route.check("outbox.routes.[" + type + "]"));
	}

	/**
	 * Where events of one type go.
	 *
	 * @param destination Name of the topic, exchange or queue.
	 * @param transport Name of the transport, for example "kafka".
	 * @param ordering How far the events of one key wait for each other.
	 * @param onDeadLetter What becomes of the later events of a key when one is given up.
	 * @param options Options of the transport, by their names.
	 */
	public record Route(@Nullable String destination, @Nullable String transport, @Nullable Ordering ordering,
			@Nullable OnDeadLetter onDeadLetter, @DefaultValue Map<String, Object> options) {

		public Route {
			options = Map.copyOf(options);
		}

		private void check(String name) {
			Require.text(name + ".destination", this.destination);
			Require.text(name + ".transport", this.transport);
		}

	}

	/**
	 * Names of destinations that neither a message nor a route nor an annotation names.
	 *
	 * @param names Names of destinations, by the logical type of the event or the type of
	 * its aggregate.
	 * @param prefix Prefix of the destinations that are not in the list: they are named
	 * "prefix.aggregate". "aggregate-events" by default.
	 * @param fallback Name of the destination of all other events. They are refused by
	 * default.
	 */
	public record Topics(@DefaultValue Map<String, String> names, @Nullable String prefix, @Nullable String fallback) {

		public Topics {
			names = Map.copyOf(names);
			names.forEach((type, name) -> Require.text("outbox.topics.names.[" + type + "]", name));
			Require.text("outbox.topics.prefix", prefix);
			Require.text("outbox.topics.fallback", fallback);
		}

	}

	/**
	 * Destinations that event classes declare.
	 *
	 * @param mode What becomes of them when the application starts.
	 * @param packages Packages in which event classes are looked for. Those of the
	 * application by default.
	 */
	public record Topology(@DefaultValue("validate") TopologyMode mode, @DefaultValue List<String> packages) {

		public Topology {
			packages = List.copyOf(packages);
		}

	}

	/**
	 * Headers that are added to each event.
	 *
	 * @param cloudEvents Whether events carry the headers of CloudEvents 1.0.
	 * @param trace Whether events carry the trace in which they were published.
	 * @param identity Whether events carry their id and type under names of our own too.
	 * @param version Whether events carry the version of their type.
	 * @param aggregate Whether events carry the type and id of their aggregate.
	 * @param correlation Whether events carry their correlation id.
	 * @param xTrace Whether the trace is written as "x-trace-id" too, and read from
	 * there.
	 * @param style How the names of headers other than those of CloudEvents are written.
	 */
	public record Headers(@DefaultValue("true") boolean cloudEvents, @DefaultValue("true") boolean trace,
			@DefaultValue("false") boolean identity, @DefaultValue("true") boolean version,
			@DefaultValue("true") boolean aggregate, @DefaultValue("true") boolean correlation,
			@DefaultValue("false") boolean xTrace, @DefaultValue("snake-case") HeaderSettings.Style style) {

	}

	/**
	 * Writing events to the outbox.
	 *
	 * @param requireTransaction Whether publishing outside a transaction fails. Otherwise
	 * such events are written in a transaction of their own.
	 * @param captureEvents Whether annotated events that the application publishes
	 * through Spring are captured.
	 * @param idempotencyRetention Time for which the idempotency key of an event is
	 * remembered.
	 * @param maxPayloadSize Size above which publishing an event fails. Raise it together
	 * with the limit of the broker.
	 */
	public record Write(@DefaultValue("true") boolean requireTransaction, @DefaultValue("true") boolean captureEvents,
			@DefaultValue("7d") Duration idempotencyRetention, @DefaultValue("1MB") DataSize maxPayloadSize) {

		public Write {
			Require.positive("outbox.write.idempotency-retention", idempotencyRetention);
			Require.positive("outbox.write.max-payload-size", maxPayloadSize);
		}

	}

	/**
	 * Delivering events to the broker.
	 *
	 * @param enabled Whether this instance delivers events. An instance that only
	 * publishes sets it to false.
	 * @param autoStartup Whether the relay starts together with the application.
	 * @param pollInterval Longest time after which the relay looks for events that nobody
	 * has told it about. A commit wakes it at once.
	 * @param batchSize Number of events that one read returns at most.
	 * @param partitions Number of partitions that the instances share, from 1 to 1024.
	 * Fixed at the first start.
	 * @param lease Time that an instance may be silent before others take over.
	 * @param ordering How far the events of one key wait for each other.
	 * @param onDeadLetter What becomes of the later events of a key when one is given up.
	 * @param maxInFlight How much of the backlog is in memory.
	 * @param sweepInterval Time between two searches for events that every other rule has
	 * missed.
	 * @param destinationPause Time that a destination pauses after it could not be
	 * reached. Doubles with each further failure.
	 * @param maxDestinationPause Longest time that a destination pauses.
	 * @param instanceName Name of this instance, as operators see it. Name of the
	 * application, host and process id by default.
	 * @param observation Whether each send is a span in the trace of its event.
	 * @param datasource Database connections of the relay.
	 */
	public record Relay(@DefaultValue("true") boolean enabled, @DefaultValue("true") boolean autoStartup,
			@DefaultValue("1s") Duration pollInterval, @DefaultValue("1000") int batchSize,
			@DefaultValue("64") int partitions, @DefaultValue("10s") Duration lease,
			@DefaultValue("strict") Ordering ordering, @DefaultValue("continue") OnDeadLetter onDeadLetter,
			@DefaultValue MaxInFlight maxInFlight, @DefaultValue("5m") Duration sweepInterval,
			@DefaultValue("500ms") Duration destinationPause, @DefaultValue("30s") Duration maxDestinationPause,
			@Nullable String instanceName, @DefaultValue("true") boolean observation,
			@DefaultValue RelayDataSource datasource) {

		public Relay {
			Require.positive("outbox.relay.poll-interval", pollInterval);
			Require.between("outbox.relay.batch-size", batchSize, 1, 100_000);
			Require.between("outbox.relay.partitions", partitions, 1, 1024);
			Require.atLeast("outbox.relay.lease", lease, Duration.ofSeconds(1));
			Require.positive("outbox.relay.sweep-interval", sweepInterval);
			Require.positive("outbox.relay.destination-pause", destinationPause);
			Require.atLeast("outbox.relay.max-destination-pause", maxDestinationPause, destinationPause);
			Require.text("outbox.relay.instance-name", instanceName);
			Require.atMost("outbox.relay.instance-name", instanceName, 200);
			maxInFlight.check("outbox.relay.max-in-flight");
		}

	}

	/**
	 * Sending messages at once, without the outbox.
	 *
	 * @param maxInFlight How much is on its way to the broker. Whoever sends more waits.
	 */
	public record Send(@DefaultValue MaxInFlight maxInFlight) {

		public Send {
			maxInFlight.check("outbox.send.max-in-flight");
		}

	}

	/**
	 * How much is in memory on its way to the broker.
	 *
	 * @param events Number of events that are in memory at most.
	 * @param bytes Size of the payloads that are in memory at most. A single larger event
	 * passes alone.
	 */
	public record MaxInFlight(@DefaultValue("10000") int events, @DefaultValue("64MB") DataSize bytes) {

		private void check(String name) {
			Require.between(name + ".events", this.events, 1, 10_000_000);
			Require.positive(name + ".bytes", this.bytes);
		}

	}

	/**
	 * Database connections of the relay. What is not set is taken from the application's
	 * data source.
	 *
	 * @param ownPool Whether the relay has a small pool of its own, so that it neither
	 * takes the application's connections nor waits for them.
	 * @param url JDBC URL of the relay's connections.
	 * @param username User of the relay's connections.
	 * @param password Password of the relay's connections.
	 * @param driverClassName JDBC driver of the relay's connections.
	 * @param maximumPoolSize Number of connections of the relay at most. One of them is
	 * kept for its heartbeat; one more is opened to be notified by other instances.
	 * @param listen Whether the relay keeps a connection open on which other instances
	 * notify it of commits.
	 */
	public record RelayDataSource(@DefaultValue("true") boolean ownPool, @Nullable String url,
			@Nullable String username, @Nullable String password, @Nullable String driverClassName,
			@DefaultValue("3") int maximumPoolSize, @DefaultValue("true") boolean listen) {

		public RelayDataSource {
			Require.text("outbox.relay.datasource.url", url);
			Require.between("outbox.relay.datasource.maximum-pool-size", maximumPoolSize, 2, 100);
		}

		@Override
		public String toString() {
			return "RelayDataSource[ownPool=" + this.ownPool + ", url=" + this.url + ", maximumPoolSize="
					+ this.maximumPoolSize + ", listen=" + this.listen + "]";
		}

	}

	/**
	 * Sending events again that a broker did not accept. A destination that cannot be
	 * reached counts no attempt.
	 *
	 * @param enabled Whether a failed event is sent again. Otherwise it becomes a dead
	 * letter at once.
	 * @param initialInterval Time between the first failure and the second attempt.
	 * @param multiplier Factor by which the time grows with each further failure.
	 * @param maxInterval Longest time between two attempts, before the jitter.
	 * @param jitter Share of the time by which it varies at random, from 0 to less than
	 * 1.
	 * @param maxAge Time since the first failure after which an event becomes a dead
	 * letter.
	 * @param maxAttempts Number of attempts after which an event that the broker refuses
	 * becomes a dead letter.
	 */
	public record Retry(@DefaultValue("true") boolean enabled, @DefaultValue("500ms") Duration initialInterval,
			@DefaultValue("2") double multiplier, @DefaultValue("5m") Duration maxInterval,
			@DefaultValue("0.2") double jitter, @DefaultValue("24h") Duration maxAge,
			@DefaultValue("10") int maxAttempts) {

		public Retry {
			Require.positive("outbox.retry.initial-interval", initialInterval);
			Require.between("outbox.retry.multiplier", multiplier, 1, 100);
			Require.atLeast("outbox.retry.max-interval", maxInterval, initialInterval);
			Require.between("outbox.retry.jitter", jitter, 0, 0.99);
			Require.positive("outbox.retry.max-age", maxAge);
			Require.between("outbox.retry.max-attempts", maxAttempts, 1, Integer.MAX_VALUE);
		}

	}

	/**
	 * Creating and checking the tables.
	 *
	 * @param mode How the tables come into being.
	 */
	public record Schema(@DefaultValue("auto") SchemaMode mode) {

	}

	/**
	 * Where the outbox is stored.
	 *
	 * @param type How events are stored.
	 * @param database Kind of the database, for one that cannot be asked at the start.
	 * @param tablePrefix Prefix of the names of all tables, or collections of MongoDB.
	 * @param schema Database schema of the tables. That of the connection by default.
	 * @param dataSource Name of the DataSource bean, or with MongoDB of the
	 * MongoDatabaseFactory. The marked, only or primary one by default.
	 * @param transactionManager Name of the transaction manager bean for transactions of
	 * its own. The one that owns the data source, or the MongoDatabaseFactory, by
	 * default.
	 */
	public record Store(@DefaultValue("auto") StoreType type, @DefaultValue("auto") DatabaseType database,
			@DefaultValue("outbox_") String tablePrefix, @Nullable String schema, @Nullable String dataSource,
			@Nullable String transactionManager) {

		public Store {
			Require.identifier("outbox.store.table-prefix", tablePrefix);
			Require.identifier("outbox.store.schema", schema);
			Require.text("outbox.store.data-source", dataSource);
			Require.text("outbox.store.transaction-manager", transactionManager);
		}

	}

	/**
	 * What becomes of events that have been delivered.
	 *
	 * @param mode Whether delivered events are deleted or archived.
	 * @param retention Time for which archived events are kept. For good by default.
	 * @param partition How the archive is divided on PostgreSQL, so that what has expired
	 * leaves it as a whole, and so up to a day or month later. Only with a retention that
	 * is at least as long.
	 */
	public record Published(@DefaultValue("delete") PublishedMode mode, @Nullable Duration retention,
			@DefaultValue("day") ArchivePartition partition) {

		public Published {
			if (retention != null) {
				Require.positive("outbox.published.retention", retention);
			}
		}

	}

	/**
	 * What becomes of events that were given up.
	 *
	 * @param retention Time for which dead letters are kept, except those for which later
	 * events of their key wait. For good by default.
	 * @param topic A destination that gets a copy of each.
	 */
	public record DeadLetter(@Nullable Duration retention,
			@NestedConfigurationProperty @DefaultValue DeadLetterTopic topic) {

		public DeadLetter {
			if (retention != null) {
				Require.positive("outbox.dead-letter.retention", retention);
				topic.check(retention);
			}
		}

	}

	/**
	 * Removing what has been kept long enough: idempotency keys, archived events, dead
	 * letters.
	 *
	 * @param enabled Whether this instance takes part in it.
	 * @param interval Time between two searches.
	 * @param batchSize Number of rows that one transaction removes at most.
	 * @param maxRowsPerSecond Number of rows that this instance removes per second at
	 * most.
	 */
	public record Cleanup(@DefaultValue("true") boolean enabled, @DefaultValue("10m") Duration interval,
			@DefaultValue("1000") int batchSize, @DefaultValue("10000") int maxRowsPerSecond) {

		public Cleanup {
			Require.positive("outbox.cleanup.interval", interval);
			Require.between("outbox.cleanup.batch-size", batchSize, 1, 100_000);
			Require.between("outbox.cleanup.max-rows-per-second", maxRowsPerSecond, 1, 1_000_000);
		}

	}

	/**
	 * What is kept of changes that operators make.
	 *
	 * @param retention Time for which they are kept. For good by default.
	 */
	public record Audit(@Nullable Duration retention) {

		public Audit {
			if (retention != null) {
				Require.positive("outbox.audit.retention", retention);
			}
		}

	}

	/**
	 * Measuring the outbox.
	 *
	 * @param interval Time between two measurements of the backlog. Reading the meters or
	 * the health never asks the database.
	 */
	public record Metrics(@DefaultValue("10s") Duration interval) {

		public Metrics {
			Require.atLeast("outbox.metrics.interval", interval, Duration.ofMillis(100));
		}

	}

	/**
	 * Storing the outbox in MongoDB.
	 *
	 * @param keyOrder Whether the events of a key have an order. Two transactions that
	 * publish for the same key at a time conflict then. Can be false only where
	 * "outbox.relay.ordering" is none.
	 * @param archiveMaxSize Size of the archive, in which the oldest events make room for
	 * new ones. Without limit by default. Heeded when the archive is created; a warning
	 * says so where it is there with another size.
	 * @param database Name of the outbox's database. By default that of the application's
	 * MongoDatabaseFactory at the start.
	 * @param transactionLifetime How long the server lets a transaction live
	 * (transactionLifetimeLimitSeconds). By default the server is asked; where it does
	 * not say, 60s.
	 */
	public record Mongodb(@DefaultValue("true") boolean keyOrder, @Nullable DataSize archiveMaxSize,
			@Nullable String database, @Nullable Duration transactionLifetime) {

		public Mongodb {
			Require.text("outbox.mongodb.database", database);
			if (transactionLifetime != null) {
				Require.positive("outbox.mongodb.transaction-lifetime", transactionLifetime);
			}
			if (archiveMaxSize != null) {
				Require.positive("outbox.mongodb.archive-max-size", archiveMaxSize);
			}
		}

	}

	/**
	 * Sending to RabbitMQ.
	 *
	 * @param exchange Exchange of events that name none and whose destination nobody has
	 * declared. Their destination is the routing key then. By default it is the exchange.
	 */
	public record Rabbit(@Nullable String exchange) {

		public Rabbit {
			Require.text("outbox.rabbit.exchange", exchange);
		}

	}

}
