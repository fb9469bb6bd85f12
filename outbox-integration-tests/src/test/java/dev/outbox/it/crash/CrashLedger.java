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

package dev.outbox.it.crash;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The business code: counts up keys, publishes an event for each step, and writes down
 * what it published, all in one transaction.
 */
class CrashLedger {

	private final JdbcClient jdbc;

	private final OutboxPublisher outbox;

	private final List<String> destinations;

	CrashLedger(JdbcClient jdbc, OutboxPublisher outbox, String... destinations) {
		this.jdbc = jdbc;
		this.outbox = outbox;
		this.destinations = List.of(destinations);
	}

	/**
	 * Counts up keys. The update of a key's row makes the writers of a key wait for each
	 * other.
	 * @param keys the keys in ascending order; some more than once
	 * @param holdOpen how long the transaction stays open after its events have been
	 * written
	 * @param rollBack whether it is rolled back in the end
	 */
	@Transactional
	public void count(List<String> keys, Duration holdOpen, boolean rollBack) {
		for (String key : keys) {
			this.jdbc.sql("UPDATE crash_key SET n = n + 1 WHERE name = ?").param(key).update();
			long n = this.jdbc.sql("SELECT n FROM crash_key WHERE name = ?").param(key).query(Long.class).single();
			UUID id = UUID.randomUUID();
			this.outbox.publish(OutboxMessage.builder()
				.id(id)
				.key(key)
				.eventType("crash.counted")
				.destination(this.destinations.get(Math.floorMod(key.hashCode(), this.destinations.size())))
				.header(Observed.ID, id.toString())
				.header(Observed.NUMBER, n)
				.payload("{\"n\":" + n + "}")
				.contentType("application/json")
				.build());
			this.jdbc.sql("INSERT INTO crash_commit (id, name, n) VALUES (?, ?, ?)")
				.params(id.toString(), key, n)
				.update();
		}
		if (!holdOpen.isZero()) {
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCompletion() {
					LockSupport.parkNanos(holdOpen.toNanos());
				}

			});
		}
		if (rollBack) {
			throw new RollBackException();
		}
	}

	/**
	 * The reason of a rollback that was asked for.
	 */
	static final class RollBackException extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

}
