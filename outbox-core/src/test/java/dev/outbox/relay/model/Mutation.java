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

package dev.outbox.relay.model;

import java.util.Set;

/**
 * A rule that the protocol is run without. Each has to be noticed, or the model proves
 * nothing.
 */
enum Mutation {

	/** The poll looks at new numbers only. */
	NO_LATE_ARM(Violation.OUT_OF_ORDER, Violation.STUCK),

	/** The poll forgets transactions that began while the last snapshot was taken. */
	NO_LATE_XMAX(Violation.OUT_OF_ORDER, Violation.STUCK),

	/** A backfill looks at new numbers only. */
	NO_LATE_ARM_IN_BACKFILL(Violation.OUT_OF_ORDER, Violation.STUCK),

	/** Partitions that are new are read together with the others at once. */
	NO_BACKFILL(Violation.STUCK),

	/** A poll comes between the last chunk of a backfill and its end. */
	MERGED_LATE(Violation.OUT_OF_ORDER, Violation.STUCK),

	/** Several events of a key are with the broker at a time. */
	NO_CHAIN(Violation.OUT_OF_ORDER),

	/** An event is sent although the lease may have ended. */
	NO_LEASE_CHECK(Violation.TOO_MANY_DUPLICATES),

	/** Everything up to the last acknowledged number is deleted. */
	RANGE_DELETE(Violation.LOST),

	/** A row is forgotten when it is acknowledged, not when it is deleted. */
	FORGOTTEN_EARLY(Violation.TOO_MANY_DUPLICATES),

	/** Partitions are given back while events of them are with the broker. */
	RELEASED_EARLY(Violation.TOO_MANY_DUPLICATES),

	/** Rows that were dropped with their partition are taken for known. */
	DROPPED_BUT_SEEN(Violation.OUT_OF_ORDER, Violation.STUCK),

	/** The next event of a key is sent before its dead letter is committed. */
	DEAD_LETTER_LATER(Violation.OUT_OF_ORDER),

	/** Partitions of an instance that is alive are taken. */
	LIVE_OWNERS_IGNORED(Violation.TOO_MANY_DUPLICATES);

	private final Set<Violation> shownBy;

	Mutation(Violation... shownBy) {
		this.shownBy = Set.of(shownBy);
	}

	Set<Violation> shownBy() {
		return this.shownBy;
	}

}
