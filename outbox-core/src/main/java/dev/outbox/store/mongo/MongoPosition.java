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

package dev.outbox.store.mongo;

import java.util.HashSet;
import java.util.Set;

import dev.outbox.store.Position;

/**
 * How far a scan has come.
 *
 * @param cursor highest number passed
 * @param missing numbers up to the cursor without a document
 * @param settled the number up to which no transaction can live any more that has taken
 * one
 * @param turn which of the missing numbers were last asked for by turns
 * @param heeded notes of events that came back behind the cursor, which have been heeded
 * @param nextCheck when to check the numbers again, 0 before the first read
 */
record MongoPosition(long cursor, MissingNumbers missing, long settled, long turn, Set<Long> heeded,
		long nextCheck) implements Position {

	static final MongoPosition START = new MongoPosition(0, MissingNumbers.NONE, 0, 0, Set.of(), 0);

	MongoPosition {
		heeded = Set.copyOf(heeded);
	}

	/**
	 * What the scan that is less far has not settled is asked for again.
	 */
	MongoPosition and(MongoPosition other) {
		Set<Long> both = new HashSet<>(this.heeded);
		both.retainAll(other.heeded);
		return new MongoPosition(Math.max(this.cursor, other.cursor), this.missing.union(other.missing),
				Math.min(this.settled, other.settled), 0, both, this.nextCheck);
	}

	MongoPosition checked(MissingNumbers left, long number, Set<Long> stillHeeded, long next) {
		return new MongoPosition(this.cursor, left, number, this.turn, stillHeeded, next);
	}

	MongoPosition at(long next, MissingNumbers left, long nextTurn, Set<Long> nowHeeded) {
		return new MongoPosition(next, left, this.settled, nextTurn, nowHeeded, this.nextCheck);
	}

}
