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

import java.util.concurrent.atomic.AtomicInteger;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.postgres.PostgresCommitSignals;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Instances hear of each other's commits.
 */
class PostgresCommitSignalsTests {

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private final CommitSignals sender = signals("outbox_");

	private final CommitSignals receiver = signals("outbox_");

	private final AtomicInteger heard = new AtomicInteger();

	@BeforeEach
	void listen() {
		this.receiver.listen(this.heard::incrementAndGet);
		await().until(this.receiver::isListening);
		await().untilAsserted(() -> assertThat(this.heard).hasValue(1));
	}

	@AfterEach
	void close() {
		this.sender.close();
		this.receiver.close();
		await().untilAsserted(() -> assertThat(sessions("LISTEN%")).isZero());
		await().untilAsserted(() -> assertThat(sessions("SELECT pg_notify%")).isZero());
	}

	@Test
	void aSignalReachesOthersOnly() {
		this.receiver.signal();
		this.sender.signal();
		await().untilAsserted(() -> assertThat(this.heard).hasValueGreaterThan(1));
		int before = this.heard.get();
		this.receiver.signal();
		// When the second of two signals has been heard, the first would have been.
		this.sender.signal();
		await().untilAsserted(() -> assertThat(this.heard).hasValue(before + 1));
	}

	@Test
	void signalsAreCoalesced() {
		long start = System.nanoTime();
		for (int i = 0; i < 200_000; i++) {
			this.sender.signal();
		}
		long millis = (System.nanoTime() - start) / 1_000_000;
		await().untilAsserted(() -> assertThat(this.heard).hasValueGreaterThan(1));
		assertThat(this.heard.get()).isLessThanOrEqualTo((int) (3 + millis / 5));
	}

	@Test
	void tablesOfAnotherNameAreNotHeard() {
		try (CommitSignals other = signals("Other_")) {
			AtomicInteger heardByOther = new AtomicInteger();
			other.listen(heardByOther::incrementAndGet);
			await().untilAsserted(() -> assertThat(heardByOther).hasValue(1));
			this.sender.signal();
			await().untilAsserted(() -> assertThat(this.heard).hasValueGreaterThan(1));
			assertThat(heardByOther).hasValue(1);
		}
	}

	@Test
	void aLostConnectionIsOpenedAgainAndWhatWasMissedIsAskedFor() {
		this.sender.signal();
		await().untilAsserted(() -> assertThat(this.heard).hasValue(2));
		database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
				+ " WHERE datname = current_database() AND pid <> pg_backend_pid()");
		await().untilAsserted(() -> assertThat(this.heard).hasValueGreaterThan(2));
		await().until(this.receiver::isListening);
		int before = this.heard.get();
		await().untilAsserted(() -> {
			this.sender.signal();
			assertThat(this.heard).hasValueGreaterThan(before);
		});
	}

	@Test
	void whatIsClosedDoesNotListen() {
		this.receiver.close();
		await().until(() -> !this.receiver.isListening());
		this.sender.close();
		this.sender.signal();
		this.sender.listen(this.heard::incrementAndGet);
		assertThat(this.sender.isListening()).isFalse();
	}

	private static long sessions(String query) {
		return database.number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
				+ " AND pid <> pg_backend_pid() AND query LIKE ?", query);
	}

	private static CommitSignals signals(String prefix) {
		return new PostgresCommitSignals(database.dataSource(), new TableNames(null, prefix));
	}

}
