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

package dev.outbox.autoconfigure.stub;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.outbox.store.EventStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.StoreTransactions;

import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The write side of a store that remembers what it was given.
 */
public class StubWriteStore implements EventStore, StoreTransactions {

	public final List<NewEvent> events = new ArrayList<>();

	@Override
	public void append(List<NewEvent> added) {
		this.events.addAll(added);
	}

	@Override
	public Optional<UUID> claim(String idempotencyKey, UUID id) {
		return Optional.empty();
	}

	@Override
	public Damage damage(RuntimeException failure) {
		return Damage.NONE;
	}

	@Override
	public State state() {
		return TransactionSynchronizationManager.isActualTransactionActive() ? State.ACTIVE : State.NONE;
	}

	@Override
	public void checkBeforeCommit(Runnable check) {
	}

	@Override
	public void flush() {
	}

}
