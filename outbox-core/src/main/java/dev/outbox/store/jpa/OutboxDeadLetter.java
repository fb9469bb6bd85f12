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
 * An event that was given up.
 */
@Entity
@Immutable
@Subselect(OutboxEntityIntegrator.TO_BE_REPLACED)
public class OutboxDeadLetter extends OutboxEntity {

	@Id
	private long number;

	private long seq;

	private int attempts;

	private @Nullable Instant firstFailedAt;

	private Instant diedAt = Instant.EPOCH;

	private String error = "";

	private String fingerprint = "";

	/**
	 * For the mapper.
	 */
	protected OutboxDeadLetter() {
	}

	/**
	 * Returns the number of the dead letter.
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
	 * Returns how often sending the event has failed.
	 * @return the number of failed attempts
	 */
	public int getAttempts() {
		return this.attempts;
	}

	/**
	 * Returns when sending the event failed first.
	 * @return the time, if it was recorded
	 */
	public @Nullable Instant getFirstFailedAt() {
		return this.firstFailedAt;
	}

	/**
	 * Returns when the event was given up.
	 * @return the time
	 */
	public Instant getDiedAt() {
		return this.diedAt;
	}

	/**
	 * Returns why the event was given up.
	 * @return the reason
	 */
	public String getError() {
		return this.error;
	}

	/**
	 * Returns what is the same for errors of the same cause.
	 * @return 16 hexadecimal digits
	 */
	public String getFingerprint() {
		return this.fingerprint;
	}

}
