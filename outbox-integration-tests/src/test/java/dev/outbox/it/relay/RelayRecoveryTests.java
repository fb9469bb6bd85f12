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

import java.sql.Connection;
import java.sql.Statement;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.it.relay.TestTransport.Answer;
import dev.outbox.it.store.ServerDisguise;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A relay whose server becomes another one.
 */
class RelayRecoveryTests {

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private ServerDisguise disguise;

	private RelayHarness harness;

	private final TestTransport broker = new TestTransport();

	@BeforeEach
	void start() {
		this.disguise = new ServerDisguise(database);
		this.harness = new RelayHarness(new JdbcTestStores(database));
	}

	@AfterEach
	void stop() {
		this.harness.close();
	}

	/**
	 * Rule 13: on a server with another history everything is read again, and
	 * acknowledgements that were not written are dropped with the rest.
	 */
	@Test
	void onAServerWithAnotherHistoryEverythingIsReadAgainAndAcknowledgementsAreDropped() throws Exception {
		this.broker.answering((event) -> "a".equals(event.key()) ? Answer.HOLD : Answer.ACCEPT);
		this.harness.start(this.broker);
		this.harness.insert("a", "orders", "a0");
		await().untilAsserted(() -> assertThat(this.broker.held()).hasSize(1));
		try (Connection lock = database.dataSource().getConnection(); Statement statement = lock.createStatement()) {
			lock.setAutoCommit(false);
			statement.execute("SELECT 1 FROM outbox_event FOR UPDATE");
			this.broker.release(Answer.ACCEPT);
			await().until(() -> database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
			this.disguise.startNumbersAgain();
			await().untilAsserted(() -> assertThat(this.broker.attempts("a0")).isEqualTo(2));
			database.query("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted");
			await().until(() -> database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") == 0);
			lock.rollback();
		}
		this.harness.insert("b", "orders", "b0");
		await().untilAsserted(
				() -> assertThat(database.query("SELECT event_key FROM outbox_event WHERE event_key = 'b'")).isEmpty());
		assertThat(database.query("SELECT event_key FROM outbox_event")).hasSize(1);
		this.broker.release(Answer.ACCEPT);
		this.harness.awaitEmpty();
		assertThat(this.broker.acceptedPayloads()).containsExactly("a0", "b0", "a0");
	}

	@Test
	void aStandbyIsNotSentFromAndThePrimaryIsReadOn() {
		this.harness.start(this.broker);
		this.harness.insert("a", "orders", "a0");
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("a0"));
		this.disguise.recover();
		await().untilAsserted(() -> assertThat(this.harness.status().failures()).isPositive());
		this.harness.insert("a", "orders", "a1");
		assertThat(this.broker.sentPayloads()).containsExactly("a0");
		this.disguise.takeOff();
		await().untilAsserted(() -> assertThat(this.broker.acceptedPayloads()).containsExactly("a0", "a1"));
		this.harness.awaitEmpty();
	}

}
