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
import dev.outbox.store.PositionLostException;

/**
 * How far a scan has come that finds late rows by the numbers it has not seen.
 *
 * @param cursor highest number passed
 * @param gaps numbers up to the cursor without a row
 * @param nextLook when to look at the gaps again
 * @param returned notes of rows that came back behind the cursor, which have been heeded
 * @param serverStart when the server was started, 0 before the first read
 * @param turn which gaps were last asked for by turns
 */
record GapPosition(long cursor, Gaps gaps, long nextLook, Set<Long> returned, long serverStart,
		long turn) implements Position {

	static final GapPosition START = new GapPosition(0, Gaps.NONE, 0, Set.of(), 0, 0);

	/**
	 * Of positions on different servers: it is not valid on either.
	 */
	private static final long UNKNOWN_SERVER = -1;

	GapPosition {
		returned = Set.copyOf(returned);
	}

	GapPosition and(GapPosition other) {
		Set<Long> both = new HashSet<>(this.returned);
		both.retainAll(other.returned);
		return new GapPosition(Math.max(this.cursor, other.cursor), this.gaps.union(other.gaps), this.nextLook, both,
				(this.serverStart == 0 || this.serverStart == other.serverStart) ? other.serverStart
						: (other.serverStart == 0) ? this.serverStart : UNKNOWN_SERVER,
				0);
	}

	/**
	 * Returns this position on a server. After a restart, numbers that were seen may be
	 * given out again. Before the first read there is nothing to look at.
	 */
	GapPosition on(long server, long look) {
		if (this.serverStart == 0) {
			return new GapPosition(this.cursor, this.gaps, look, this.returned, server, this.turn);
		}
		if (this.serverStart != server) {
			throw new PositionLostException("the server has been started again, or is another one");
		}
		return this;
	}

	GapPosition looked(long next, Gaps left) {
		return new GapPosition(this.cursor, left, next, this.returned, this.serverStart, this.turn);
	}

	GapPosition at(long next, Gaps left, Set<Long> heeded, long nextTurn) {
		return new GapPosition(next, left, this.nextLook, heeded, this.serverStart, nextTurn);
	}

}
