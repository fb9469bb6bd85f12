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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Compares what was delivered with what was committed. Lost is what was committed and
 * neither delivered nor given up; the first occurrences of a key's events have to be in
 * the order of their numbers, those that were given up aside.
 */
final class HistoryChecker {

	private final History history;

	private final Map<UUID, Committed> committed = new HashMap<>();

	private final Map<UUID, Observed> latest = new HashMap<>();

	private final Map<String, Observed> furthest = new HashMap<>();

	private final Map<String, Integer> partitions = new HashMap<>();

	private final List<String> uncommitted = new ArrayList<>();

	private final List<String> outOfOrder = new ArrayList<>();

	private final List<String> misplaced = new ArrayList<>();

	private int injectedDuplicates;

	private int otherDuplicates;

	private final int allowedDuplicates;

	private HistoryChecker(History history, int allowedDuplicates) {
		this.history = history;
		this.allowedDuplicates = allowedDuplicates;
		history.committed().forEach((event) -> this.committed.put(event.id(), event));
	}

	static HistoryReport check(History history) {
		return check(history, Integer.MAX_VALUE);
	}

	/**
	 * Checks a history of which is known how many records may be there twice.
	 * @param history what happened
	 * @param allowedDuplicates how many repetitions the faults explain at most, those
	 * that were injected aside
	 */
	static HistoryReport check(History history, int allowedDuplicates) {
		return new HistoryChecker(history, allowedDuplicates).check();
	}

	/**
	 * Returns, for each guarantee that a history violates, the least of it that shows so.
	 */
	static String counterexamples(History history, int allowedDuplicates) {
		return check(history, allowedDuplicates).violated()
			.stream()
			.map((guarantee) -> guarantee + ":\n  "
					+ Counterexample.describe(Counterexample.of(history, guarantee, allowedDuplicates)))
			.collect(Collectors.joining("\n"));
	}

	private HistoryReport check() {
		this.history.observed().forEach(this::checkRecord);
		for (UUID dead : this.history.deadLetters()) {
			if (!this.committed.containsKey(dead)) {
				this.uncommitted.add("dead letter " + dead);
			}
		}
		return new HistoryReport(this.history.committed().size(), this.history.deadLetters().size(),
				this.history.observed().size(), lost(), this.uncommitted, this.outOfOrder, this.misplaced,
				this.injectedDuplicates, this.otherDuplicates, this.allowedDuplicates);
	}

	private void checkRecord(Observed seen) {
		Committed event = this.committed.get(seen.id());
		if (event == null) {
			this.uncommitted.add(seen.toString());
			return;
		}
		Observed record = seen.known(event);
		Integer partition = this.partitions.putIfAbsent(record.key(), record.partition());
		if (!event.key().equals(record.key()) || event.n() != record.n()
				|| partition != null && partition != record.partition()) {
			this.misplaced.add(record + ", committed as " + event + ", the key's partition is " + partition);
		}
		Observed earlier = this.latest.put(record.id(), record);
		if (earlier == null) {
			checkOrder(record);
		}
		else if (earlier.reportedAsFailed()) {
			this.injectedDuplicates++;
		}
		else {
			this.otherDuplicates++;
		}
	}

	private void checkOrder(Observed record) {
		if (this.history.deadLetters().contains(record.id())) {
			return;
		}
		Observed furthest = this.furthest.get(record.key());
		if (furthest != null && furthest.n() > record.n()) {
			this.outOfOrder.add(record + " first appeared after " + furthest);
		}
		else {
			this.furthest.put(record.key(), record);
		}
	}

	private List<String> lost() {
		Set<UUID> accounted = new HashSet<>(this.latest.keySet());
		accounted.addAll(this.history.deadLetters());
		return this.history.committed()
			.stream()
			.filter((event) -> !accounted.contains(event.id()))
			.map(Committed::toString)
			.toList();
	}

}
