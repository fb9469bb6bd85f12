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

package dev.outbox.lab;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import javax.sql.DataSource;

import com.rabbitmq.client.BuiltinExchangeType;
import dev.outbox.fixtures.jdbc.DatabaseServer;
import dev.outbox.fixtures.jdbc.Sql;
import dev.outbox.fixtures.kafka.ForkedKafka;
import dev.outbox.fixtures.mariadb.MariaDbServer;
import dev.outbox.fixtures.mariadb.MariaDbSettings;
import dev.outbox.fixtures.postgres.PostgresServer;
import dev.outbox.fixtures.postgres.PostgresSettings;
import dev.outbox.fixtures.rabbit.RabbitServer;
import dev.outbox.fixtures.rabbit.RabbitSettings;
import org.jspecify.annotations.Nullable;

/**
 * The servers, which all contenders use one after the other: processes of their own, with
 * durable commits.
 */
final class Rig implements AutoCloseable {

	private static final int TOPIC_PARTITIONS = 12;

	private final Options options;

	private final DatabaseServer database;

	private final @Nullable ForkedKafka kafka;

	private final @Nullable RabbitServer rabbit;

	private String name = "";

	private int topics;

	Rig(Options options) {
		this.options = options;
		this.database = options.isPostgres()
				? PostgresServer.start(PostgresSettings.durable()
					.with("shared_buffers", "512MB")
					.with("max_wal_size", "8GB")
					.with("checkpoint_timeout", "30min"))
				: MariaDbServer.start(MariaDbSettings.durable()
					.with("innodb-buffer-pool-size", "512M")
					.with("innodb-log-file-size", "2G"));
		this.kafka = options.isKafka()
				? ForkedKafka.create(Map.of("auto.create.topics.enable", "false"), "-Xms512m", "-Xmx512m") : null;
		this.rabbit = options.isKafka() ? null : RabbitServer.start(RabbitSettings.plain());
	}

	/**
	 * Make an empty database for a contender.
	 */
	void fresh(ContenderSpec spec) {
		dropDatabase();
		this.name = this.database.createDatabase("lab");
		Sql sql = sql();
		String columns = "customer text NOT NULL, amount int NOT NULL)";
		sql.execute(this.options.isPostgres() ? "CREATE TABLE lab_order (id bigserial PRIMARY KEY, " + columns
				: "CREATE TABLE lab_order (id bigint AUTO_INCREMENT PRIMARY KEY, " + columns);
		if (spec.isLimit() && spec != ContenderSpec.BARE_PRODUCER) {
			sql.execute("""
					CREATE TABLE outbox_event (seq bigserial PRIMARY KEY, event_key text NOT NULL,
						destination text NOT NULL, payload bytea NOT NULL,
						content_type text NOT NULL DEFAULT 'text/plain', headers text)""");
		}
		if (spec == ContenderSpec.LOGICAL) {
			sql.execute("CREATE PUBLICATION lab_publication FOR TABLE outbox_event WITH (publish = 'insert')");
			createSlot();
		}
	}

	/**
	 * Remove all events.
	 */
	void clear(ContenderSpec spec) {
		for (String table : spec.tables()) {
			sql().execute("TRUNCATE TABLE " + table);
		}
		if (spec == ContenderSpec.LOGICAL) {
			dropSlot();
			createSlot();
		}
	}

	private void createSlot() {
		sql().query("SELECT pg_create_logical_replication_slot('lab_slot', 'pgoutput')");
	}

	/** Who has read from it may have been killed just now. */
	private void dropSlot() {
		for (int attempt = 0; attempt < 100; attempt++) {
			if (sql()
				.query("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active_pid IS NOT NULL")
				.isEmpty()) {
				break;
			}
			Session.pause(Duration.ofMillis(50));
		}
		sql()
			.query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = 'lab_slot'");
	}

	private void dropDatabase() {
		if (!this.name.isEmpty()) {
			if (this.options.isPostgres()) {
				dropSlot();
			}
			this.database.dropDatabase(this.name);
			this.name = "";
		}
	}

	/**
	 * Let the planner know what is in the tables, as it would after a while.
	 */
	void analyze() {
		if (this.options.isPostgres()) {
			sql().execute("VACUUM ANALYZE");
		}
	}

	Sql sql() {
		return this.database.sql(this.name);
	}

	/**
	 * Create a topic, or an exchange and its queue, of which nobody knows yet.
	 */
	String topic() {
		String topic = "lab-" + ++this.topics;
		if (this.kafka != null) {
			this.kafka.createTopic(topic, TOPIC_PARTITIONS,
					Map.of("retention.bytes", "67108864", "segment.bytes", "33554432"));
		}
		if (this.rabbit != null) {
			this.rabbit.defaultVirtualHost().onChannel((channel) -> {
				channel.exchangeDeclare(topic, BuiltinExchangeType.FANOUT, true);
				channel.queueDeclare(topic, true, false, false, Map.of("x-queue-type", "quorum"));
				return channel.queueBind(topic, topic, "");
			});
		}
		return topic;
	}

	Arrivals arrivals(String topic) throws Exception {
		if (this.kafka != null) {
			return new KafkaArrivals(this.kafka.bootstrapServers(), topic);
		}
		if (this.rabbit != null) {
			return new RabbitArrivals(this.rabbit.defaultVirtualHost().connectionFactory(), topic);
		}
		throw new IllegalStateException("There is no broker");
	}

	/**
	 * Return what an application needs to find the servers.
	 */
	Map<String, String> properties() {
		Map<String, String> properties = new LinkedHashMap<>();
		properties.put("lab.database", this.options.database());
		properties.put("lab.broker", this.options.broker());
		properties.put("spring.datasource.url", this.database.jdbcUrl(this.name));
		properties.put("spring.datasource.username", this.database.user());
		properties.put("spring.datasource.password", this.database.password());
		properties.put("spring.kafka.bootstrap-servers",
				(this.kafka != null) ? this.kafka.bootstrapServers() : "127.0.0.1:1");
		if (this.rabbit != null) {
			properties.put("spring.rabbitmq.host", this.rabbit.host());
			properties.put("spring.rabbitmq.port", Integer.toString(this.rabbit.port()));
			properties.put("spring.rabbitmq.publisher-confirm-type", "correlated");
			properties.put("lab.exclude", "org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration");
		}
		else {
			properties.put("lab.exclude", "org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration");
		}
		return properties;
	}

	/**
	 * Return what makes a JVM start sooner where nobody asks how fast it is, and else
	 * what the caller wants to have besides: a profiler.
	 */
	String[] jvmOptions() {
		if (this.options.preset().name().equals("smoke")) {
			return new String[] { "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto" };
		}
		String more = System.getProperty("lab.jvm-options", "");
		return more.isBlank() ? new String[0] : more.trim().split("\\s+");
	}

	/**
	 * Return the seconds of processor time that the database has used.
	 */
	double databaseCpu() {
		return this.database.cpuSeconds();
	}

	double brokerCpu() {
		return (this.kafka != null) ? this.kafka.jvm().cpuSeconds()
				: (this.rabbit != null) ? this.rabbit.cpuSeconds() : 0;
	}

	/**
	 * Return how many bytes the database has written to its log.
	 */
	double logBytes() {
		return this.options.isPostgres() ? number("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS value")
				: number("SHOW GLOBAL STATUS LIKE 'Innodb_os_log_written'");
	}

	/**
	 * Return the transactions on PostgreSQL, the statements on MariaDB.
	 */
	double statements() {
		return this.options.isPostgres() ? number(
				"SELECT xact_commit + xact_rollback AS value FROM pg_stat_database WHERE datname = current_database()")
				: number("SHOW GLOBAL STATUS LIKE 'Questions'");
	}

	private double number(String query) {
		Map<String, @Nullable Object> row = sql().query(query).get(0);
		return row.entrySet()
			.stream()
			.filter((column) -> column.getKey().equalsIgnoreCase("value"))
			.map((column) -> String.valueOf(column.getValue()))
			.mapToDouble(Double::parseDouble)
			.findFirst()
			.orElseThrow();
	}

	String databaseVersion() {
		String version = String.valueOf(this.database.sql(this.database.systemDatabase())
			.query("SELECT version() AS value")
			.get(0)
			.values()
			.iterator()
			.next());
		return (this.options.isPostgres() ? "" : "MariaDB ") + version.replaceAll(" on .*", "");
	}

	/**
	 * Return the database, for what only one case needs.
	 */
	DataSource dataSource() {
		return this.database.dataSource(this.name);
	}

	@Override
	public void close() {
		if (this.kafka != null) {
			this.kafka.close();
		}
		if (this.rabbit != null) {
			this.rabbit.close();
		}
		this.database.close();
	}

}
