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

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.HousekeepingStore.Kept;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Trap 13: a cleanup that deletes nothing, that deletes what has failed too, or that
 * deletes everything in one transaction. On every database().
 */
abstract class HousekeepingStoreContract {

	private static final Duration DAY = Duration.ofDays(1);

	private static final String COLUMNS = """
			id, part, event_key, event_type, event_version, transport, destination, content_type, payload, created_at""";

	private HousekeepingStore housekeeping;

	abstract StoreHarness harness();

	/**
	 * Returns what an instance keeps the others off with.
	 */
	abstract String lock();

	private TestDatabase<?> database() {
		return harness().database();
	}

	/**
	 * Puts five rows that are ten hours apart into each table that is cleaned up.
	 */
	final void fill() {
		this.housekeeping = harness().dialect().housekeepingStore(database().dataSource(), StoreHarness.TABLES);
		for (int n = 1; n <= 5; n++) {
			String then = fromNow(-10 * n);
			insert("outbox_idempotency (idempotency_key, id, created_at)",
					"'" + n + "', " + harness().product().randomId() + ", " + then);
			insert("outbox_archive (" + COLUMNS + ", seq, archived_at)", values(n) + ", " + n + ", " + then);
			insert("outbox_dead_letter (" + COLUMNS + ", seq, attempts, died_at, error, blocks_key)",
					values(n) + ", " + n + ", 10, " + then + ", 'refused', " + harness().product().truth(n == 4));
		}
		insert("outbox_event (" + COLUMNS + ", attempts, first_failed_at)", values(1) + ", 9, " + fromNow(-9 * 24));
		insert("outbox_scheduled (" + COLUMNS + ", deliver_at)", values(1) + ", " + fromNow(24));
	}

	private void insert(String table, String values) {
		database().sql("INSERT INTO " + table + " VALUES (" + values + ")");
	}

	private String values(int n) {
		return harness().product().randomId() + ", 1, '" + n + "', 'test', 1, 'test', 'orders', 'text/plain', '', "
				+ fromNow(-9 * 24);
	}

	private String fromNow(int hours) {
		return harness().product().fromNow(hours * 3600);
	}

	@ParameterizedTest
	@EnumSource
	void trap13WhatHasBeenKeptLongEnoughGoesInPortionsTheOldestFirst(Kept what) {
		int expired = (what == Kept.DEAD_LETTER) ? 2 : 3;
		assertThat(this.housekeeping.removeExpired(what, DAY, 1)).isEqualTo(1);
		assertThat(rest(what)).isEqualTo("1,2,3,4");
		assertThat(this.housekeeping.removeExpired(what, DAY, 100)).isEqualTo(expired - 1);
		assertThat(this.housekeeping.removeExpired(what, DAY, 100)).isZero();
		assertThat(rest(what)).isEqualTo((what == Kept.DEAD_LETTER) ? "1,2,4" : "1,2");
	}

	@Test
	void whatWaitsIsNeverRemoved() {
		for (Kept what : Kept.values()) {
			this.housekeeping.removeExpired(what, Duration.ofMillis(1), 100);
		}
		assertThat(database().number("SELECT count(*) FROM outbox_event")).isEqualTo(1);
		assertThat(database().number("SELECT count(*) FROM outbox_scheduled")).isEqualTo(1);
	}

	@Test
	void whileOneInstanceIsAtItTheOthersLeaveItAlone() throws SQLException {
		try (Connection other = database().dataSource().getConnection();
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute(lock());
			assertThat(this.housekeeping.removeExpired(Kept.ARCHIVED_EVENT, DAY, 100)).isZero();
			other.rollback();
		}
		assertThat(this.housekeeping.removeExpired(Kept.ARCHIVED_EVENT, DAY, 100)).isEqualTo(3);
	}

	@Test
	void instancesThatRemoveAtTheSameTimeRemoveNothingTwice() {
		List<CompletableFuture<Integer>> pair = Stream.generate(() -> CompletableFuture.supplyAsync(() -> {
			int removed = 0;
			for (int i = 0; i < 20; i++) {
				removed += this.housekeeping.removeExpired(Kept.ARCHIVED_EVENT, DAY, 1);
			}
			return removed;
		})).limit(2).toList();
		assertThat(pair.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(3);
		assertThat(rest(Kept.ARCHIVED_EVENT)).isEqualTo("1,2");
	}

	private String rest(Kept what) {
		return database().query(switch (what) {
			case IDEMPOTENCY_KEY -> "SELECT idempotency_key AS n FROM outbox_idempotency ORDER BY 1";
			case ARCHIVED_EVENT -> "SELECT event_key AS n FROM outbox_archive ORDER BY seq";
			case DEAD_LETTER -> "SELECT event_key AS n FROM outbox_dead_letter ORDER BY seq";
		}).stream().map((row) -> String.valueOf(row.get("n"))).collect(Collectors.joining(","));
	}

}
