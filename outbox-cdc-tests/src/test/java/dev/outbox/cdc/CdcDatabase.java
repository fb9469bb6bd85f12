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

package dev.outbox.cdc;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.fixtures.kafka.KafkaServer;
import org.awaitility.Awaitility;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A database with a slot, and what the documentation says one does with them.
 */
final class CdcDatabase {

	private static final String HEARTBEATS = "__debezium-heartbeat.outbox";

	private final TestDatabase<?> database;

	private final KafkaServer kafka;

	private final Path offsets;

	private final String suffix;

	private final int slotNumber;

	CdcDatabase(TestDatabase<?> database, KafkaServer kafka, Path offsets) {
		this(database, kafka, offsets, 1);
	}

	/**
	 * Creates what a connector needs.
	 * @param slotNumber the how manieth slot of this database: none has the name of an
	 * earlier one
	 */
	CdcDatabase(TestDatabase<?> database, KafkaServer kafka, Path offsets, int slotNumber) {
		this.database = database;
		this.kafka = kafka;
		this.offsets = offsets;
		this.slotNumber = slotNumber;
		// The slots of a server share their names.
		this.suffix = "_" + database.name().toLowerCase(Locale.ROOT);
	}

	JdbcClient jdbc() {
		return JdbcClient.create(this.database.dataSource());
	}

	void publish() {
		this.database.sql(Documented.sql("publication.sql"));
		this.kafka.createTopic(HEARTBEATS + this.suffix, 1);
	}

	/**
	 * Starts the documented connector, with names of its own as far as the server or the
	 * broker is shared with other tests.
	 */
	ConnectWorker connect() throws Exception {
		URI url = URI.create(this.database.jdbcUrl().substring("jdbc:".length()));
		return ConnectWorker.start(this.kafka.bootstrapServers(), this.offsets,
				Documented.connector(Map.ofEntries(Map.entry("database.hostname", url.getHost()),
						Map.entry("database.port", String.valueOf(url.getPort())),
						Map.entry("database.user", this.database.user()),
						Map.entry("database.password", this.database.password()),
						Map.entry("database.dbname", this.database.name()),
						Map.entry("topic.prefix", "outbox" + this.suffix), Map.entry("slot.name", slot()),
						Map.entry("predicates.event.pattern", "outbox" + this.suffix + "\\.public\\.outbox_event"),
						Map.entry("heartbeat.interval.ms", "200"))));
	}

	String slot() {
		return "outbox_cdc" + this.suffix + "_" + this.slotNumber;
	}

	boolean hasSlot() {
		return jdbc().sql("SELECT count(*) FROM pg_replication_slots WHERE slot_name = ?")
			.param(slot())
			.query(Integer.class)
			.single() == 1;
	}

	/**
	 * Returns whether a connector reads the slot.
	 */
	boolean isRead() {
		return jdbc().sql("SELECT count(*) FROM pg_replication_slots WHERE slot_name = ? AND active")
			.param(slot())
			.query(Integer.class)
			.single() == 1;
	}

	/**
	 * Marks as documented, as soon as there is a slot to mark.
	 */
	Mark mark() {
		return Awaitility.await("a slot to mark").until(this::markIfPossible, Optional::isPresent).orElseThrow();
	}

	Optional<Mark> markIfPossible() {
		return jdbc().sql(Documented.sql("mark.sql").replace("'outbox_cdc'", "'" + slot() + "'"))
			.query(Mark.class)
			.optional();
	}

	/**
	 * Deletes as documented.
	 * @return the number of rows
	 */
	int cleanUp(Mark mark) {
		return jdbc().sql(Documented.sql("clean-up.sql"))
			.param("slot", mark.slot())
			.param("horizon", mark.horizon())
			.param("position", mark.position())
			.update();
	}

	void awaitPassed(Mark mark) {
		Awaitility.await("the slot to pass " + mark)
			.until(() -> jdbc()
				.sql("SELECT confirmed_flush_lsn >= CAST(? AS pg_lsn) FROM pg_replication_slots WHERE slot_name = ?")
				.params(mark.position(), slot())
				.query(Boolean.class)
				.single());
	}

	/**
	 * Drops the slot, so that the database can be dropped.
	 */
	void drop() {
		Awaitility.await("nobody reads " + slot()).until(() -> !isRead());
		jdbc().sql("SELECT count(pg_drop_replication_slot(slot_name)) FROM pg_replication_slots WHERE slot_name = ?")
			.param(slot())
			.query(Integer.class)
			.single();
	}

	record Mark(String slot, String horizon, String position) {
	}

}
