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

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a lane knows about one destination. Its rows come through exactly one arm.
 *
 * <pre>
 * TAIL ──paused──▶ EXCLUDED ──may go on──▶ QUEUED ──its turn──▶ BACKFILLING ──caught up──▶ TAIL
 * </pre>
 */
final class DestinationState {

	private final String name;

	/**
	 * The chains of keys, and of single rows by their sequence numbers.
	 */
	private final Map<Object, Chain> chains = new HashMap<>();

	private final Deque<Chain> ready = new ArrayDeque<>();

	private final Deque<long[]> pauses = new ArrayDeque<>();

	private Mode mode = Mode.TAIL;

	private Cause cause = Cause.NONE;

	private String reason = "";

	private boolean active;

	private int held;

	private int parked;

	private int out;

	private int limit = Integer.MAX_VALUE;

	private long lastRowAt = System.nanoTime() - Duration.ofHours(1).toNanos();

	DestinationState(String name) {
		this.name = name;
	}

	String name() {
		return this.name;
	}

	Collection<Chain> chains() {
		return this.chains.values();
	}

	@Nullable Chain chain(@Nullable String key, long single) {
		return this.chains.get(nameOf(key, single));
	}

	boolean contains(Chain chain) {
		return chain(chain.key(), chain.single()) == chain;
	}

	void add(Chain chain) {
		this.chains.put(nameOf(chain.key(), chain.single()), chain);
	}

	void remove(Chain chain) {
		this.chains.remove(nameOf(chain.key(), chain.single()), chain);
	}

	private static Object nameOf(@Nullable String key, long single) {
		return (key == null || single != 0) ? (Object) single : key;
	}

	Deque<Chain> ready() {
		return this.ready;
	}

	Mode mode() {
		return this.mode;
	}

	Cause cause() {
		return this.cause;
	}

	String reason() {
		return this.reason;
	}

	void exclude(Cause cause, String reason, long now) {
		long[] last = this.pauses.peekLast();
		if (last == null || last[1] != 0) {
			this.pauses.add(new long[] { now, 0 });
		}
		this.mode = Mode.EXCLUDED;
		this.cause = cause;
		this.reason = reason;
	}

	void queue(long now) {
		this.mode = Mode.QUEUED;
		this.cause = Cause.NONE;
		this.reason = "its backlog is read again";
		endPause(now);
	}

	void backfill() {
		this.mode = Mode.BACKFILLING;
	}

	void tail(long now) {
		this.mode = Mode.TAIL;
		this.cause = Cause.NONE;
		this.reason = "";
		endPause(now);
	}

	private void endPause(long now) {
		long[] last = this.pauses.peekLast();
		if (last != null && last[1] == 0) {
			last[1] = now;
		}
		if (this.pauses.size() > 10_000) {
			this.pauses.removeFirst();
		}
	}

	/**
	 * Returns for how long the destination has been paused without a break.
	 */
	long pausedSince(long now) {
		long[] last = this.pauses.peekLast();
		return (last != null && last[1] == 0) ? now - last[0] : 0;
	}

	/**
	 * Returns for how much of the last {@code span} nanoseconds the destination was
	 * paused.
	 */
	long pausedWithin(long span, long now) {
		long paused = 0;
		for (long[] pause : this.pauses) {
			long end = (pause[1] != 0) ? pause[1] : now;
			paused += Math.max(0, Math.min(span, now - pause[0]) - (now - end));
		}
		return Math.min(span, paused);
	}

	/**
	 * Returns whether rows that wait in memory may be sent.
	 */
	boolean maySend() {
		return (this.mode == Mode.TAIL || this.mode == Mode.BACKFILLING) && this.out < this.limit;
	}

	/**
	 * Returns whether rows are taken from the tail, from re-reads, or, if {@code own},
	 * from this destination's own backfill.
	 */
	boolean accepts(boolean own) {
		return this.mode == Mode.TAIL || (own && this.mode == Mode.BACKFILLING);
	}

	/**
	 * Returns whether all rows of this destination will be read again, from the first one
	 * on, when it goes on.
	 */
	boolean isReadFromStart() {
		return this.mode == Mode.EXCLUDED || this.mode == Mode.QUEUED;
	}

	boolean isActive() {
		return this.active;
	}

	void active(boolean active) {
		this.active = active;
	}

	int held() {
		return this.held;
	}

	void hold(int rows, long now) {
		this.held += rows;
		this.lastRowAt = now;
	}

	void letGo() {
		this.held--;
	}

	long lastRowAt() {
		return this.lastRowAt;
	}

	int parked() {
		return this.parked;
	}

	void parked(int change) {
		this.parked += change;
	}

	void sent() {
		this.out++;
	}

	void answered() {
		this.out--;
	}

	int out() {
		return this.out;
	}

	void limit(int limit) {
		this.limit = limit;
	}

	/**
	 * Lets one more event be in flight after each acknowledgement, until there is no need
	 * for a limit any more.
	 */
	void rampUp(int enough) {
		if (this.limit < enough) {
			this.limit++;
		}
		else {
			this.limit = Integer.MAX_VALUE;
		}
	}

	/**
	 * Which arm of the reader a destination's rows come through.
	 */
	enum Mode {

		TAIL, EXCLUDED, QUEUED, BACKFILLING

	}

	/**
	 * Why a destination does not come through the tail.
	 */
	enum Cause {

		NONE, BREAKER, OPERATOR, CONGESTED

	}

}
