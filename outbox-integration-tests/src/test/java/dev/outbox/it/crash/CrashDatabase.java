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

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Supplier;

import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.fixtures.h2.H2Server;
import dev.outbox.fixtures.jdbc.DatabaseServer;
import dev.outbox.fixtures.jdbc.TestDatabase;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/**
 * The databases that are killed.
 */
enum CrashDatabase {

	POSTGRESQL(() -> {
		PostgresServer server = PostgresServer.start(PostgresSettings.durable());
		return new Running(server, PostgresDatabase.on(server));
	}),

	MARIADB(() -> {
		MariaDbServer server = MariaDbServer.start(MariaDbSettings.durable());
		return new Running(server, MariaDbDatabase.on(server));
	}),

	MYSQL(() -> {
		MySqlServer server = MySqlServer.start(MySqlSettings.durable());
		return new Running(server, MySqlDatabase.on(server));
	}),

	H2(() -> {
		H2Server server = H2Server.started();
		return new Running(server, H2Database.on(server));
	}),

	/**
	 * A file that the applications share: there is no server to kill.
	 */
	SQLITE(() -> new Running(null, SqliteDatabase.fresh())),

	/**
	 * In a container, which is not killed.
	 */
	SQLSERVER(() -> new Running(null, SqlServerDatabase.fresh())),

	/**
	 * In a container, too.
	 */
	ORACLE(() -> new Running(null, OracleDatabase.fresh()));

	private final Supplier<Running> start;

	CrashDatabase(Supplier<Running> start) {
		this.start = start;
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
	 * Returns an id, which is 16 bytes where the database has no type for it.
	 */
	static UUID id(@Nullable Object stored) {
		if (stored instanceof byte[] bytes) {
			ByteBuffer buffer = ByteBuffer.wrap(bytes);
			return new UUID(buffer.getLong(), buffer.getLong());
		}
		return UUID.fromString(String.valueOf(stored));
	}

	/**
	 * A server of one's own.
	 *
	 * @param server the server, {@code null} if there is none
	 * @param database a database on it
	 */
	record Running(@Nullable DatabaseServer server, TestDatabase<?> database) {

	}

}
