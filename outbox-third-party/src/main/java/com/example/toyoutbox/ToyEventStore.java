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

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.outbox.store.EventStore;
import dev.outbox.store.NewEvent;

/**
 * The write side.
 */
public final class ToyEventStore implements EventStore {

	private final ToyDatabase database;

	/**
	 * Creates the store.
	 * @param database where the events are
	 */
	public ToyEventStore(ToyDatabase database) {
		this.database = database;
	}

	@Override
	public void append(List<NewEvent> events) {
		ToyTransaction.current(this.database).append(events);
	}

	@Override
	public Optional<UUID> claim(String idempotencyKey, UUID id) {
		return ToyTransaction.current(this.database).claim(idempotencyKey, id);
	}

	/**
	 * It fails before it writes.
	 */
	@Override
	public Damage damage(RuntimeException failure) {
		return Damage.NONE;
	}

}
