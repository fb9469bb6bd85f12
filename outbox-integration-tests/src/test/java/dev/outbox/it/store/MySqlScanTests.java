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

import dev.outbox.fixtures.mysql.EnabledIfMySql;
import dev.outbox.fixtures.mysql.MySqlDatabase;
import dev.outbox.test.contract.LateRowsContract;
import dev.outbox.test.contract.Scan;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scans on MySQL.
 */
@EnabledIfMySql
class MySqlScanTests extends LateRowsContract {

	@RegisterExtension
	static MySqlDatabase database = MySqlDatabase.fresh();

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
	protected JdbcTransaction beginWithSavepoints() {
		return this.harness.begin().sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
	}

	/**
	 * With the isolation that MySQL has unless told otherwise, such a rollback may leave
	 * a lock behind where all new rows go: others wait for the end of the transaction
	 * then.
	 */
	@Test
	void aRollbackToASavepointLosesNothingWithRepeatableReads() {
		Scan scan = this.harness.scan();
		try (JdbcTransaction slow = this.harness.begin().insert("a", "1").sql("SAVEPOINT one").insert("a", "2")) {
			slow.sql("ROLLBACK TO SAVEPOINT one").insert("a", "3");
			assertThat(scan.poll()).isEmpty();
			slow.commit();
		}
		try (JdbcTransaction next = this.harness.begin()) {
			next.insert("b", "4").commit();
		}
		assertThat(scan.poll()).containsExactly("1", "3", "4");
	}

}
