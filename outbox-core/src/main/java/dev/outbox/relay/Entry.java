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

package dev.outbox.relay;

import dev.outbox.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * A row in memory. It stays until it has been deleted, or until it is dropped to be read
 * again later.
 */
final class Entry {

	private final Chain chain;

	private final long readAt;

	/**
	 * Whether each send of this row is announced in the database first.
	 */
	private final boolean careful;

	private StoredEvent row;

	private State state = State.WAITING;

	private @Nullable Attempt attempt;

	Entry(Chain chain, StoredEvent row, boolean careful, long readAt) {
		this.chain = chain;
		this.row = row;
		this.careful = careful;
		this.readAt = readAt;
	}

	Chain chain() {
		return this.chain;
	}

	StoredEvent row() {
		return this.row;
	}

	void load(byte[] payload) {
		this.row = this.row.withPayload(payload);
	}

	boolean isCareful() {
		return this.careful;
	}

	long readAt() {
		return this.readAt;
	}

	State state() {
		return this.state;
	}

	void state(State state) {
		this.state = state;
	}

	@Nullable Attempt attempt() {
		return this.attempt;
	}

	void attempt(@Nullable Attempt attempt) {
		this.attempt = attempt;
	}

	/**
	 * Where a row in memory is.
	 */
	enum State {

		/**
		 * In its chain, not sent.
		 */
		WAITING,

		/**
		 * Handed to the broker, or about to be, or its failure is being recorded.
		 */
		OUT,

		/**
		 * Acknowledged; its deletion has not been confirmed.
		 */
		SETTLING,

		/**
		 * Not in memory any more.
		 */
		GONE

	}

}
