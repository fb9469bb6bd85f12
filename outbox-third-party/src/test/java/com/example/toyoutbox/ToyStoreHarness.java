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

package com.example.toyoutbox;

import java.time.Clock;

import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.EventStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.RelayStore;
import dev.outbox.test.contract.StoreHarness;

import org.springframework.transaction.PlatformTransactionManager;

/**
 * What the contracts need of the store: an empty one for each test.
 */
final class ToyStoreHarness extends StoreHarness {

	private final ToyDatabase database = new ToyDatabase(Clock.systemUTC(), PARTITIONS);

	@Override
	public EventStore eventStore() {
		return new ToyEventStore(this.database);
	}

	@Override
	public PlatformTransactionManager transactionManager() {
		return new ToyTransactionManager(this.database);
	}

	@Override
	public RelayStore relay() {
		return new ToyRelayStore(this.database);
	}

	@Override
	public LeaseStore leases() {
		return new ToyLeaseStore(this.database);
	}

	@Override
	public DeadLetterStore deadLetters() {
		return new ToyDeadLetterStore(this.database);
	}

	@Override
	public HoldStore holds() {
		return new ToyHoldStore(this.database);
	}

	HousekeepingStore housekeeping() {
		return new ToyHousekeepingStore(this.database);
	}

}
