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

import java.util.ArrayDeque;
import java.util.Deque;

import org.jspecify.annotations.Nullable;

/**
 * The events of one key on one destination, in order. Rows at the broker, a few waiting
 * rows, and the knowledge from where on the rest has to be read again.
 *
 * <pre>
 * FREE ──failure──▶ RECORDING ──recorded──▶ BACKING_OFF ──due──▶ FREE
 *                       │                └─▶ PARKED (long back-off: rows leave memory) ──due, re-read──▶ FREE
 *                       └──dead letter committed──▶ FREE, or BLOCKED until an operator unblocks the key
 * </pre>
 */
final class Chain {

	static final long NOTHING = Long.MAX_VALUE;

	private final @Nullable String key;

	/**
	 * Sequence number of the only row if it does not wait for others, else 0.
	 */
	private final long single;

	private final int part;

	private final DestinationState destination;

	private final Ordering ordering;

	private final Deque<Entry> waiting = new ArrayDeque<>(2);

	private Hold hold = Hold.FREE;

	private int out;

	/**
	 * Lowest row of this chain that was dropped and has to be read again.
	 */
	private long spilledFrom = NOTHING;

	private long dueAt;

	private boolean queued;

	private boolean readQueued;

	Chain(@Nullable String key, long single, int part, DestinationState destination, Ordering ordering) {
		this.key = key;
		this.single = single;
		this.part = part;
		this.destination = destination;
		this.ordering = ordering;
	}

	/**
	 * Returns the key, {@code null} if the event has none.
	 */
	@Nullable String key() {
		return this.key;
	}

	/**
	 * Returns whether this is one row that waits for no other.
	 */
	boolean isSingle() {
		return this.single != 0;
	}

	long single() {
		return this.single;
	}

	int part() {
		return this.part;
	}

	DestinationState destination() {
		return this.destination;
	}

	Deque<Entry> waiting() {
		return this.waiting;
	}

	/**
	 * Returns whether the head may be handed to the broker now, as far as this key is
	 * concerned.
	 */
	boolean isSendable() {
		return this.hold == Hold.FREE && !this.waiting.isEmpty() && (this.out == 0 || this.ordering != Ordering.STRICT);
	}

	boolean isIdle() {
		return this.hold == Hold.FREE && this.waiting.isEmpty() && this.out == 0 && !isSpilled();
	}

	Hold hold() {
		return this.hold;
	}

	void hold(Hold hold) {
		if (this.hold == Hold.PARKED) {
			this.destination.parked(-1);
		}
		if (hold == Hold.PARKED) {
			this.destination.parked(1);
		}
		this.hold = hold;
	}

	int out() {
		return this.out;
	}

	void sent() {
		this.out++;
	}

	void answered() {
		this.out--;
	}

	boolean isSpilled() {
		return this.spilledFrom != NOTHING;
	}

	long spilledFrom() {
		return this.spilledFrom;
	}

	void spill(long seq) {
		this.spilledFrom = Math.min(this.spilledFrom, seq);
	}

	void spilledFrom(long seq) {
		this.spilledFrom = seq;
	}

	/**
	 * Returns whether the dropped rows can be read now: after those in memory.
	 */
	boolean isReadable() {
		return isSpilled() && this.hold == Hold.FREE && this.waiting.isEmpty() && this.out == 0;
	}

	long dueAt() {
		return this.dueAt;
	}

	void dueAt(long dueAt) {
		this.dueAt = dueAt;
	}

	boolean isQueued() {
		return this.queued;
	}

	void queued(boolean queued) {
		this.queued = queued;
	}

	boolean isReadQueued() {
		return this.readQueued;
	}

	void readQueued(boolean readQueued) {
		this.readQueued = readQueued;
	}

	/**
	 * What a chain is waiting for.
	 */
	enum Hold {

		FREE, RECORDING, BACKING_OFF, PARKED, BLOCKED

	}

}
