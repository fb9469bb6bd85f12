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

import java.time.Duration;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.fixtures.postgres.PostgresServer;
import dev.outbox.fixtures.postgres.PostgresSettings;
import dev.outbox.store.Claim;
import dev.outbox.store.PositionLostException;
import dev.outbox.test.contract.Scan;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A server that is restarted, and transactions that outlive their sessions.
 */
class PostgresRestartTests {

	private static PostgresServer server;

	private static PostgresDatabase database;

	private JdbcStoreHarness harness;

	@BeforeAll
	static void startServer() {
		server = PostgresServer.start(PostgresSettings.fast().with("max_prepared_transactions", 5));
		database = PostgresDatabase.on(server);
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@BeforeEach
	void empty() {
		this.harness = new JdbcStoreHarness(database);
	}

	/**
	 * Rule 13: after a restart numbers of transactions may be given out again.
	 */
	@Test
	void aPositionIsLostWithARestartOfTheServer() {
		this.harness.insert("a", "1");
		Scan scan = this.harness.scan();
		assertThat(scan.poll()).containsExactly("1");
		Scan before = this.harness.scan();
		before.position(this.harness.relay().start());
		server.restart();
		assertThatExceptionOfType(PositionLostException.class).isThrownBy(scan::poll).withMessageContaining("started");
		assertThat(this.harness.scan().poll()).containsExactly("1");
		assertThat(before.poll()).containsExactly("1");
	}

	@Test
	void aPreparedTransactionIsFoundWhenItIsCommitted() {
		Scan scan = this.harness.scan();
		try (JdbcTransaction slow = this.harness.begin().insert("a", "prepared")) {
			slow.sql("PREPARE TRANSACTION 'slow'");
		}
		this.harness.insert("b", "fast");
		assertThat(scan.poll()).containsExactly("fast");
		assertThat(scan.poll()).isEmpty();
		this.harness.insert("b", "fast 2");
		assertThat(scan.poll()).containsExactly("fast 2");
		database.sql("COMMIT PREPARED 'slow'");
		assertThat(scan.poll()).containsExactly("prepared");
	}

	@Test
	void theLeasesAreGoneAfterACrashAndAllJoinAgain() {
		Claim claim = this.harness.claim("a");
		server.kill();
		server.start();
		assertThat(this.harness.leases().renew(claim.owner(), Duration.ofMinutes(1))).isFalse();
		assertThat(this.harness.claim("a").epoch()).isEqualTo(claim.epoch() + 1);
	}

}
