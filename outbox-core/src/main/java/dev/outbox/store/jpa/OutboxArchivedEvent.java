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

/**
 * An event that was delivered, and is kept because of
 * {@code outbox.published.mode=archive}.
 */
@Entity
@Immutable
@Subselect(OutboxEntityIntegrator.TO_BE_REPLACED)
public class OutboxArchivedEvent extends OutboxEntity {

	@Id
	private long number;

	private long seq;

	private Instant archivedAt = Instant.EPOCH;

	/**
	 * For the mapper.
	 */
	protected OutboxArchivedEvent() {
	}

	/**
	 * Returns the number of the entry.
	 * @return the number, ascending in time
	 */
	public long getNumber() {
		return this.number;
	}

	/**
	 * Returns the sequence number that the event had.
	 * @return the number
	 */
	public long getSeq() {
		return this.seq;
	}

	/**
	 * Returns when the event was archived.
	 * @return the time
	 */
	public Instant getArchivedAt() {
		return this.archivedAt;
	}

}
