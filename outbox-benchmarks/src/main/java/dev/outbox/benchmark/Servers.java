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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.function.Function;

import com.sun.management.OperatingSystemMXBean;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.ConnectionFactory;
import dev.outbox.fixtures.kafka.ForkedKafka;
import dev.outbox.fixtures.mariadb.MariaDbServer;
import dev.outbox.fixtures.mariadb.MariaDbSettings;
import dev.outbox.fixtures.mongo.ForkedMongo;
import dev.outbox.fixtures.postgres.PostgresServer;
import dev.outbox.fixtures.postgres.PostgresSettings;
import dev.outbox.fixtures.rabbit.RabbitServer;
import dev.outbox.fixtures.rabbit.RabbitSettings;
import dev.outbox.relay.RelaySettings;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TopologyMode;
import dev.outbox.transport.kafka.KafkaTransport;
import dev.outbox.transport.rabbit.RabbitTransport;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;

import static java.lang.management.ManagementFactory.getPlatformMXBean;

/**
 * A database and a broker in processes of their own, for one session of measurements.
 */
final class Servers implements AutoCloseable {

	static final int TOPIC_PARTITIONS = 12;

	private final PostgresServer postgres = PostgresServer.start(PostgresSettings.durable()
		.with("shared_buffers", "512MB")
		.with("max_wal_size", "8GB")
		.with("checkpoint_timeout", "30min"));

	private @Nullable MariaDbServer mariadb;

	private @Nullable RabbitServer rabbit;

	private @Nullable ForkedMongo mongo;

	private final ForkedKafka kafka = ForkedKafka.create(Map.of(), "-Xms512m", "-Xmx512m");

	PostgresServer postgres() {
		return this.postgres;
	}

	/**
	 * Return the other database, which only some scenarios need.
	 */
	MariaDbServer mariadb() {
		if (this.mariadb == null) {
			this.mariadb = MariaDbServer.start(MariaDbSettings.durable()
				.with("innodb-buffer-pool-size", "512M")
				.with("innodb-log-file-size", "2G"));
		}
		return this.mariadb;
	}

	/**
	 * Return the double of MongoDB: a real server is not to be had without a container.
	 */
	ForkedMongo mongo() {
		if (this.mongo == null) {
			this.mongo = ForkedMongo.start("-Xms2g", "-Xmx2g");
		}
		return this.mongo;
	}

	ForkedKafka kafka() {
		return this.kafka;
	}

	/**
	 * Return the other broker, which only some scenarios need.
	 */
	RabbitServer rabbit() {
		if (this.rabbit == null) {
			this.rabbit = RabbitServer.start(RabbitSettings.plain());
		}
		return this.rabbit;
	}

	ConnectionFactory rabbitConnections() {
		return rabbit().defaultVirtualHost().connectionFactory();
	}

	/**
	 * Create an exchange that puts all it gets into one quorum queue of the same name.
	 */
	String quorumQueue(String name) {
		return rabbit().defaultVirtualHost().onChannel((channel) -> {
			channel.exchangeDeclare(name, BuiltinExchangeType.FANOUT, true);
			channel.queueDeclare(name, true, false, false, Map.of("x-queue-type", "quorum"));
			channel.queueBind(name, name, "");
			return name;
		});
	}

	void emptyQueue(String name) {
		rabbit().defaultVirtualHost().onChannel((channel) -> channel.queuePurge(name));
	}

	/**
	 * Create a topic that forgets soon what it holds.
	 */
	String topic(String name) {
		this.kafka.createTopic(name, TOPIC_PARTITIONS,
				Map.of("retention.bytes", "33554432", "segment.bytes", "16777216"));
		return name;
	}

	/**
	 * Return what makes a transport to the broker.
	 */
	Function<RelaySettings, OutboxTransport> kafkaTransport() {
		return kafkaTransport(this.kafka.bootstrapServers());
	}

	static Function<RelaySettings, OutboxTransport> kafkaTransport(String bootstrapServers) {
		return (settings) -> new KafkaTransport(
				new DefaultKafkaProducerFactory<>(Map.of("bootstrap.servers", bootstrapServers)),
				settings.publishTimeout(), settings.maxInFlightBytes(), Clock.systemUTC());
	}

	Function<RelaySettings, OutboxTransport> rabbitTransport() {
		return (settings) -> new RabbitTransport(new CachingConnectionFactory(rabbitConnections()),
				settings.publishTimeout(), TopologyMode.NONE, Clock.systemUTC());
	}

	Cpu cpu() {
		OperatingSystemMXBean system = getPlatformMXBean(OperatingSystemMXBean.class);
		return new Cpu(system.getProcessCpuTime() / 1e9,
				this.postgres.cpuSeconds() + ((this.mariadb != null) ? this.mariadb.cpuSeconds() : 0)
						+ ((this.mongo != null) ? this.mongo.cpuSeconds() : 0),
				this.kafka.jvm().cpuSeconds() + ((this.rabbit != null) ? this.rabbit.cpuSeconds() : 0), machine());
	}

	/**
	 * Seconds that all processors together were busy, whoever kept them so.
	 */
	private static double machine() {
		try {
			String[] fields = Files.readAllLines(Path.of("/proc/stat")).get(0).trim().split("\\s+");
			double ticks = 0;
			for (int field = 1; field <= 8; field++) {
				boolean idle = field == 4 || field == 5;
				ticks += idle ? 0 : Double.parseDouble(fields[field]);
			}
			return ticks / 100;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		this.kafka.close();
		this.postgres.close();
		if (this.mariadb != null) {
			this.mariadb.close();
		}
		if (this.rabbit != null) {
			this.rabbit.close();
		}
		if (this.mongo != null) {
			this.mongo.close();
		}
	}

	/**
	 * Processor time used so far.
	 *
	 * @param app seconds of this JVM
	 * @param database seconds of the databases
	 * @param broker seconds of the brokers
	 * @param machine seconds of all processes of the machine
	 */
	record Cpu(double app, double database, double broker, double machine) {

		Cpu since(Cpu start) {
			return new Cpu(this.app - start.app, this.database - start.database, this.broker - start.broker,
					this.machine - start.machine);
		}

		/**
		 * Seconds that others took away meanwhile.
		 */
		double others() {
			return Math.max(0, this.machine - this.app - this.database - this.broker);
		}

	}

}
