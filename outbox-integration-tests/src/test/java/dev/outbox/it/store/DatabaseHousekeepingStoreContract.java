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

import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.test.contract.HousekeepingStoreContract;
import dev.outbox.test.contract.Transaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Trap 13: a cleanup that deletes nothing, that deletes what has failed too, or that
 * deletes everything in one transaction. On every database.
 */
abstract class DatabaseHousekeepingStoreContract extends HousekeepingStoreContract {

	private static final Duration DAY = Duration.ofDays(1);

	@Override
	protected abstract DatabaseHarness harness();

	@Override
	protected final HousekeepingStore housekeeping() {
		return harness().housekeeping();
	}

	/**
	 * Begins a transaction with what an instance keeps the others off with.
	 */
	abstract Transaction lock();

	/**
	 * Puts five rows that are ten hours apart into each table that is cleaned up.
	 */
	final void fill() {
		for (int n = 1; n <= 5; n++) {
			harness().addKept(n, Duration.ofHours(10L * n), n == 4);
		}
		harness().addWaiting();
	}

	@ParameterizedTest
	@EnumSource
	void trap13WhatHasBeenKeptLongEnoughGoesInPortionsTheOldestFirst(Kept what) {
		fill();
		int expired = (what == Kept.DEAD_LETTER) ? 2 : 3;
		assertThat(housekeeping().removeExpired(what, DAY, 1)).isEqualTo(1);
		assertThat(rest(what)).isEqualTo("1,2,3,4");
		assertThat(housekeeping().removeExpired(what, DAY, 100)).isEqualTo(expired - 1);
		assertThat(housekeeping().removeExpired(what, DAY, 100)).isZero();
		assertThat(rest(what)).isEqualTo((what == Kept.DEAD_LETTER) ? "1,2,4" : "1,2");
	}

	@Test
	void whileOneInstanceIsAtItTheOthersLeaveItAlone() {
		fill();
		try (Transaction other = lock()) {
			assertThat(other).isNotNull();
			assertThat(housekeeping().removeExpired(Kept.ARCHIVED_EVENT, DAY, 100)).isZero();
		}
		assertThat(housekeeping().removeExpired(Kept.ARCHIVED_EVENT, DAY, 100)).isEqualTo(3);
	}

	private String rest(Kept what) {
		return String.join(",", harness().kept(what));
	}

}
