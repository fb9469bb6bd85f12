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

package dev.outbox.test;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

import dev.outbox.store.EventStore;
import dev.outbox.store.NewEvent;

/**
 * Stores scheduled events like all others, and has it remembered when they are due. Lets
 * an idempotency key be free in each test.
 */
final class TestEventStore implements EventStore {

	private final EventStore store;

	private final StepMemory memory;

	TestEventStore(EventStore store, StepMemory memory) {
		this.store = store;
		this.memory = memory;
	}

	@Override
	public void append(List<NewEvent> events) {
		this.store.append(events.stream().map(this::undated).toList());
	}

	private NewEvent undated(NewEvent event) {
		if (event.deliverAt() == null) {
			return event;
		}
		this.memory.scheduled(event.event().id(), event.deliverAt());
		return new NewEvent(event.event(), event.part(), null);
	}

	@Override
	public Optional<UUID> claim(String idempotencyKey, UUID id) {
		return this.store.claim(this.memory.ofThisTest(idempotencyKey), id);
	}

	@Override
	public Damage damage(RuntimeException failure) {
		return this.store.damage(failure);
	}

}
