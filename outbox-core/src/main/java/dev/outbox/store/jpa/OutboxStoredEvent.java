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

package dev.outbox.store.jpa;

import java.time.Instant;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import org.hibernate.annotations.Immutable;
import org.hibernate.annotations.Subselect;
import org.jspecify.annotations.Nullable;

/**
 * An event that waits to be delivered.
 */
@Entity
@Immutable
@Subselect(OutboxEntityIntegrator.TO_BE_REPLACED)
public class OutboxStoredEvent extends OutboxEntity {

	@Id
	private long seq;

	private int attempts;

	private @Nullable Instant firstFailedAt;

	private @Nullable Instant nextAttemptAt;

	private @Nullable String lastError;

	/**
	 * For the mapper.
	 */
	protected OutboxStoredEvent() {
	}

	/**
	 * Returns the sequence number.
	 * @return the number, which gives the order of the events of one key
	 */
	public long getSeq() {
		return this.seq;
	}

	/**
	 * Returns how often sending the event has failed.
	 * @return the number of failed attempts
	 */
	public int getAttempts() {
		return this.attempts;
	}

	/**
	 * Returns when sending the event failed first.
	 * @return the time, {@code null} if it has not failed
	 */
	public @Nullable Instant getFirstFailedAt() {
		return this.firstFailedAt;
	}

	/**
	 * Returns when the event is to be sent again.
	 * @return the time, {@code null} if it has not failed
	 */
	public @Nullable Instant getNextAttemptAt() {
		return this.nextAttemptAt;
	}

	/**
	 * Returns why sending the event failed last.
	 * @return the reason, {@code null} if it has not failed
	 */
	public @Nullable String getLastError() {
		return this.lastError;
	}

}
