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

package dev.outbox.it.relay;

import java.util.Set;
import java.util.function.Supplier;

import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.fixtures.mariadb.MariaDbDatabase;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.fixtures.mysql.MySqlDatabase;
import dev.outbox.fixtures.mysql.MySqlServer;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.fixtures.sqlite.SqliteDatabase;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The databases that the relay is tested on, one of each for all tests of this package.
 * Three of them, of which no two are alike, in every build.
 */
enum RelayDatabase {

	POSTGRESQL(PostgresDatabase.fresh()), MARIADB(MariaDbDatabase.fresh()), MYSQL(MySqlDatabase.fresh()),

	H2(H2Database.fresh()),

	SQLITE(SqliteDatabase.fresh()),

	MONGODB(mongo());

	private static final Set<RelayDatabase> ALWAYS = Set.of(POSTGRESQL, H2, MONGODB);

	private final Supplier<TestStores> stores;

	RelayDatabase(TestDatabase<?> database) {
		this(() -> new JdbcTestStores(database));
	}

	RelayDatabase(Supplier<TestStores> stores) {
		this.stores = stores;
	}

	private static Supplier<TestStores> mongo() {
		MongoTestDatabase database = MongoTestDatabase.alone();
		return () -> new MongoTestStores(database);
	}

	/**
	 * Returns what opens its stores.
	 */
	Supplier<TestStores> stores() {
		assumeTrue(ALWAYS.contains(this) || Boolean.getBoolean("outbox.all-databases"),
				"runs with the Maven profile all-databases (-Pall-databases)");
		assumeTrue(this != MYSQL || MySqlServer.isAvailable(),
				"needs a MySQL: run the build with the Maven profile mysql (-Pmysql)");
		return this.stores;
	}

}
