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

package dev.outbox.it.crash;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.fixtures.h2.H2Server;
import dev.outbox.fixtures.mariadb.MariaDbDatabase;
import dev.outbox.fixtures.mariadb.MariaDbServer;
import dev.outbox.fixtures.mariadb.MariaDbSettings;
import dev.outbox.fixtures.mysql.MySqlDatabase;
import dev.outbox.fixtures.mysql.MySqlServer;
import dev.outbox.fixtures.mysql.MySqlSettings;
import dev.outbox.fixtures.oracle.OracleDatabase;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.fixtures.postgres.PostgresServer;
import dev.outbox.fixtures.postgres.PostgresSettings;
import dev.outbox.fixtures.sqlite.SqliteDatabase;
import dev.outbox.fixtures.sqlserver.SqlServerDatabase;
import dev.outbox.it.crash.ChaosSchedule.Step;
import org.junit.jupiter.api.Assumptions;

/**
 * The databases that are killed.
 */
enum CrashDatabase {

	POSTGRESQL(() -> {
		PostgresServer server = PostgresServer.start(PostgresSettings.durable());
		return new CrashJdbc(server, PostgresDatabase.on(server));
	}),

	MARIADB(() -> {
		MariaDbServer server = MariaDbServer.start(MariaDbSettings.durable());
		return new CrashJdbc(server, MariaDbDatabase.on(server));
	}),

	MYSQL(() -> {
		MySqlServer server = MySqlServer.start(MySqlSettings.durable());
		return new CrashJdbc(server, MySqlDatabase.on(server));
	}),

	H2(() -> {
		H2Server server = H2Server.started();
		return new CrashJdbc(server, H2Database.on(server));
	}),

	/**
	 * A file that the applications share: there is no server to kill.
	 */
	SQLITE(() -> new CrashJdbc(null, SqliteDatabase.fresh())),

	/**
	 * In a container, which is not killed.
	 */
	SQLSERVER(() -> new CrashJdbc(null, SqlServerDatabase.fresh())),

	/**
	 * In a container, too.
	 */
	ORACLE(() -> new CrashJdbc(null, OracleDatabase.fresh())),

	/**
	 * The double of this build, or a server in a container, which is not killed.
	 */
	MONGODB(CrashMongo::new, Fault.STEP_DOWN, Fault.LOSE_HISTORY);

	private final Supplier<Running> start;

	private final Set<Fault> faults = EnumSet.noneOf(Fault.class);

	CrashDatabase(Supplier<Running> start, Fault... faults) {
		this.start = start;
		Collections.addAll(this.faults, faults);
	}

	/**
	 * Returns what can happen to this database beside its death.
	 */
	Set<Fault> faults() {
		return Collections.unmodifiableSet(this.faults);
	}

	Running start() {
		Assumptions.assumeTrue(this != MYSQL || MySqlServer.isAvailable(),
				"needs a MySQL: run the build with the Maven profile mysql (-Pmysql)");
		Assumptions.assumeTrue(this != SQLSERVER || SqlServerDatabase.isAvailable(),
				"needs a SQL Server: start Docker and run the build with -Doutbox.fixtures=testcontainers");
		Assumptions.assumeTrue(this != ORACLE || OracleDatabase.isAvailable(),
				"needs an Oracle Database: start Docker and run the build with -Doutbox.fixtures=testcontainers");
		return this.start.get();
	}

	/**
	 * Returns how long a writer keeps its transaction open at most: less where that keeps
	 * all others from writing.
	 */
	Duration longestTransaction() {
		return Duration.ofMillis((this == SQLITE) ? 140 : 1400);
	}

	/**
	 * A database of one's own.
	 */
	interface Running extends AutoCloseable {

		/**
		 * Returns the application that writes to it.
		 */
		Class<?> application();

		/**
		 * Returns what an application needs to reach it.
		 */
		Map<String, Object> properties();

		/**
		 * Creates what the business code needs, with keys that have been counted to 0.
		 */
		void create(List<String> keys);

		/**
		 * Lets a fault happen that is one of the database, and ends it.
		 */
		void suffer(Step step);

		/**
		 * Returns whether no event waits any more.
		 */
		boolean isDrained();

		/**
		 * Reads what the business code has committed.
		 */
		List<Committed> committed();

		/**
		 * Reads the ids of the events that were given up.
		 */
		Set<UUID> deadLetters();

		/**
		 * Describes what is still in the outbox, for a message.
		 */
		String remains();

		@Override
		void close();

	}

}
