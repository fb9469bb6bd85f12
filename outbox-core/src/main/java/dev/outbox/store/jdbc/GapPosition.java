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

package dev.outbox.store.jdbc;

import java.util.HashSet;
import java.util.Set;

import dev.outbox.store.Position;

/**
 * How far a scan has come that finds late rows by the numbers it has not seen.
 *
 * @param cursor highest number passed
 * @param gaps numbers up to the cursor without a row
 * @param lookedAt when the gaps were last looked at
 * @param returned notes of rows that came back behind the cursor, which have been heeded
 * @param serverStart when the server was started, 0 before the first read
 */
record GapPosition(long cursor, Gaps gaps, long lookedAt, Set<Long> returned, long serverStart) implements Position {

	static final GapPosition START = new GapPosition(0, Gaps.NONE, 0, Set.of(), 0);

	GapPosition {
		returned = Set.copyOf(returned);
	}

	GapPosition and(GapPosition other) {
		Set<Long> both = new HashSet<>(this.returned);
		both.retainAll(other.returned);
		return new GapPosition(Math.max(this.cursor, other.cursor), this.gaps.union(other.gaps), this.lookedAt, both,
				Math.max(this.serverStart, other.serverStart));
	}

	/**
	 * Before the first read there is nothing to look at.
	 */
	GapPosition beginning(long now, long start) {
		return (this.serverStart != 0) ? this : new GapPosition(this.cursor, this.gaps, now, this.returned, start);
	}

	GapPosition lookedAt(long now, Gaps left) {
		return new GapPosition(this.cursor, left, now, this.returned, this.serverStart);
	}

	GapPosition at(long next, Gaps left, Set<Long> heeded) {
		return new GapPosition(next, left, this.lookedAt, heeded, this.serverStart);
	}

}
