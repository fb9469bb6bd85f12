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

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a history says about the outbox.
 *
 * @param committed how many events were committed
 * @param deadLetters how many of them were given up
 * @param observed how many records the broker has
 * @param lost events that were committed, and neither delivered nor given up
 * @param uncommitted records and dead letters of transactions that did not commit
 * @param outOfOrder records that appeared first after a later event of their key
 * @param misplaced records whose key is in more than one partition, or whose id does not
 * belong to their key and number
 * @param injectedDuplicates repetitions of records that the fault injection reported as
 * failed
 * @param otherDuplicates repetitions for which something else is the reason
 * @param allowedDuplicates how many of those the faults explain at most
 */
record HistoryReport(int committed, int deadLetters, int observed, List<String> lost, List<String> uncommitted,
		List<String> outOfOrder, List<String> misplaced, int injectedDuplicates, int otherDuplicates,
		int allowedDuplicates) {

	boolean isClean() {
		return violated().isEmpty();
	}

	/**
	 * Returns what this history refutes.
	 */
	Set<Guarantee> violated() {
		Set<Guarantee> violated = EnumSet.noneOf(Guarantee.class);
		for (Guarantee guarantee : Guarantee.values()) {
			if (guarantee.isViolatedBy(this)) {
				violated.add(guarantee);
			}
		}
		return violated;
	}

	String summary() {
		return "committed=" + this.committed + " observed=" + this.observed + " dead=" + this.deadLetters + " lost="
				+ this.lost.size() + " uncommitted=" + this.uncommitted.size() + " outOfOrder=" + this.outOfOrder.size()
				+ " misplaced=" + this.misplaced.size() + " duplicates: injected=" + this.injectedDuplicates + " other="
				+ this.otherDuplicates;
	}

}
