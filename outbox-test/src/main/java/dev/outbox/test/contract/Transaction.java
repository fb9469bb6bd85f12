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

package dev.outbox.test.contract;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.outbox.store.NewEvent;
import org.junit.jupiter.api.Assumptions;

/**
 * A transaction of an application, which a test keeps open as long as it likes. What the
 * store throws is the cause of an {@link IllegalStateException}.
 */
public abstract class Transaction implements AutoCloseable {

	/**
	 * Writes events that are due.
	 * @param events the events
	 */
	public abstract void append(List<NewEvent> events);

	/**
	 * Writes events that are not due yet.
	 * @param events the events
	 */
	public abstract void schedule(List<NewEvent> events);

	/**
	 * Claims an idempotency key.
	 * @param key the key
	 * @param id id of the event that claims it
	 * @return what the store returns
	 */
	public abstract Optional<UUID> claim(String key, UUID id);

	/**
	 * Writes an event.
	 * @param key its key
	 * @param payload its payload
	 * @return this
	 */
	public Transaction insert(String key, String payload) {
		append(List.of(StoreHarness.event(key, payload)));
		return this;
	}

	/**
	 * Writes events of one key at once, with the payloads {@code key-0}, {@code key-1}
	 * and so on.
	 * @param count how many
	 * @param key their key
	 * @return this
	 */
	public Transaction insertMany(int count, String key) {
		append(IntStream.range(0, count).mapToObj((i) -> StoreHarness.event(key, key + '-' + i)).toList());
		return this;
	}

	/**
	 * Begins a part that can be rolled back. Skips the test unless it is overridden.
	 * @param name its name
	 * @return this
	 */
	public Transaction savepoint(String name) {
		return Assumptions.abort("no savepoint " + name);
	}

	/**
	 * Rolls back what was written since a savepoint, which stays.
	 * @param savepoint its name
	 * @return this
	 */
	public Transaction rollBackTo(String savepoint) {
		return Assumptions.abort("no savepoint " + savepoint);
	}

	/**
	 * Forgets a savepoint and keeps what was written since.
	 * @param savepoint its name
	 * @return this
	 */
	public Transaction release(String savepoint) {
		return Assumptions.abort("no savepoint " + savepoint);
	}

	/**
	 * Commits.
	 */
	public abstract void commit();

	/**
	 * Commits, and lets go of what the transaction has held.
	 */
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
