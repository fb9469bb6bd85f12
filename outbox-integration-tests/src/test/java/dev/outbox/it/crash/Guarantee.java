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

package dev.outbox.it.crash;

import java.util.function.Predicate;

/**
 * What a history can refute.
 */
enum Guarantee {

	/**
	 * What was committed is delivered, or given up.
	 */
	DELIVERED((report) -> !report.lost().isEmpty()),

	/**
	 * Nothing is delivered or given up whose transaction did not commit.
	 */
	COMMITTED((report) -> !report.uncommitted().isEmpty()),

	/**
	 * First deliveries of a key are in the order of its numbers.
	 */
	IN_ORDER((report) -> !report.outOfOrder().isEmpty()),

	/**
	 * A record is that of its event, and a key stays in one partition.
	 */
	IN_PLACE((report) -> !report.misplaced().isEmpty()),

	/**
	 * Only crashes and takeovers deliver again, and then no more than was in flight.
	 */
	FEW_DUPLICATES((report) -> report.otherDuplicates() > report.allowedDuplicates());

	private final Predicate<HistoryReport> violated;

	Guarantee(Predicate<HistoryReport> violated) {
		this.violated = violated;
	}

	boolean isViolatedBy(HistoryReport report) {
		return this.violated.test(report);
	}

}
