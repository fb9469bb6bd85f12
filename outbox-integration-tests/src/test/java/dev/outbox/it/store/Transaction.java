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

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.outbox.store.NewEvent;
import org.junit.jupiter.api.Assumptions;

/**
 * A transaction of an application, which a test keeps open as long as it likes. What the
 * driver refuses is an {@link IllegalStateException} whose cause is the driver's.
 */
public abstract class Transaction implements AutoCloseable {

	/**
	 * Writes events that are due.
	 */
	public abstract void append(List<NewEvent> events);

	/**
	 * Writes events that are not due yet.
	 */
	public abstract void schedule(List<NewEvent> events);

	/**
	 * Claims an idempotency key.
	 */
	public abstract Optional<UUID> claim(String key, UUID id);

	public Transaction insert(String key, String payload) {
		append(List.of(StoreHarness.event(key, payload)));
		return this;
	}

	/**
	 * Writes rows of a key quickly, with the payloads {@code key-0}, {@code key-1} and so
	 * on.
	 */
	public Transaction insertMany(int count, String key) {
		append(IntStream.range(0, count).mapToObj((i) -> StoreHarness.event(key, key + '-' + i)).toList());
		return this;
	}

	/**
	 * Begins a part that can be rolled back, where there is {@link Ability#SAVEPOINTS}.
	 */
	public Transaction savepoint(String name) {
		return Assumptions.abort("no savepoint " + name);
	}

	public Transaction rollBackTo(String savepoint) {
		return Assumptions.abort("no savepoint " + savepoint);
	}

	public Transaction release(String savepoint) {
		return Assumptions.abort("no savepoint " + savepoint);
	}

	public abstract void commit();

	public final void commitAndClose() {
		commit();
		close();
	}

	/**
	 * Rolls back what is not committed.
	 */
	@Override
	public abstract void close();

}
