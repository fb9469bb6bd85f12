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

package dev.outbox.it.store;

import dev.outbox.fixtures.sqlserver.EnabledIfSqlServer;
import dev.outbox.fixtures.sqlserver.SqlServerDatabase;
import dev.outbox.test.contract.Transaction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Cleanup on SQL Server.
 */
@EnabledIfSqlServer
class SqlServerHousekeepingStoreTests extends DatabaseHousekeepingStoreContract {

	@RegisterExtension
	static SqlServerDatabase database = SqlServerDatabase.fresh();

	private JdbcStoreHarness harness;

	@BeforeEach
	void empty() {
		this.harness = new JdbcStoreHarness(database);
	}

	@Override
	protected JdbcStoreHarness harness() {
		return this.harness;
	}

	@Override
	Transaction lock() {
		return harness().begin()
			.sql("SELECT name FROM outbox_setting WITH (UPDLOCK, ROWLOCK) WHERE name = 'lock.housekeeping'");
	}

}
