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
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * The part of a history that is left when nothing more can be taken away without the
 * violation going with it. Events are taken away as a whole, with their commit and all
 * their records, and after that repetitions: neither can make a violation that was not
 * there.
 */
final class Counterexample {

	private final Guarantee guarantee;

	private final int allowedDuplicates;

	private Counterexample(Guarantee guarantee, int allowedDuplicates) {
		this.guarantee = guarantee;
		this.allowedDuplicates = allowedDuplicates;
	}

	/**
	 * Returns a smallest part that still violates the guarantee. Removing any one event
	 * or repetition from it would leave none.
	 */
	static History of(History history, Guarantee guarantee, int allowedDuplicates) {
		return new Counterexample(guarantee, allowedDuplicates).shrink(history);
	}

	/**
	 * Describes a part of a history, a line for each entry: commits, dead letters, and
	 * what was delivered in its order.
	 */
	static String describe(History history) {
		List<String> lines = new ArrayList<>();
		history.committed().forEach((event) -> lines.add("committed " + event));
		history.deadLetters().forEach((id) -> lines.add("given up " + id));
		history.observed().forEach((record) -> lines.add("delivered " + record));
		return String.join("\n  ", lines);
	}

	private History shrink(History history) {
		History least = oneKey(history);
		Set<UUID> ids = ids(least);
		least = withoutEvents(least, ids);
		return withoutRepetitions(least);
	}

	/**
	 * One key is enough for all but the number of duplicates. The one with the fewest
	 * events makes the least to look at.
	 */
	private History oneKey(History history) {
		Map<String, Set<UUID>> keys = new LinkedHashMap<>();
		history.committed().forEach((event) -> idsOf(keys, event.key()).add(event.id()));
		history.observed().forEach((record) -> idsOf(keys, record.key()).add(record.id()));
		return keys.values()
			.stream()
			.map((ids) -> keep(history, ids::contains))
			.filter(this::isViolation)
			.min((one, other) -> Integer.compare(size(one), size(other)))
			.orElse(history);
	}

	private static Set<UUID> idsOf(Map<String, Set<UUID>> keys, String key) {
		return keys.computeIfAbsent(key, (name) -> new HashSet<>());
	}

	/**
	 * Takes away halves first, then ever smaller parts, at last one event at a time until
	 * none of them can go.
	 */
	private History withoutEvents(History history, Collection<UUID> ids) {
		History least = history;
		List<UUID> left = new ArrayList<>(ids);
		int part = Math.max(1, left.size() / 2);
		while (true) {
			boolean shrunk = false;
			for (int from = 0; from < left.size();) {
				Set<UUID> gone = new HashSet<>(left.subList(from, Math.min(from + part, left.size())));
				History less = keep(least, (id) -> !gone.contains(id));
				if (isViolation(less)) {
					least = less;
					left.removeAll(gone);
					shrunk = true;
				}
				else {
					from += part;
				}
			}
			if (part == 1 && !shrunk) {
				return least;
			}
			part = Math.max(1, part / 2);
		}
	}

	private History withoutRepetitions(History history) {
		History least = history;
		for (int index = history.observed().size() - 1; index > 0; index--) {
			List<Observed> records = new ArrayList<>(least.observed());
			Observed record = records.remove(index);
			boolean repeated = records.subList(0, index).stream().anyMatch((seen) -> seen.id().equals(record.id()));
			History less = new History(least.committed(), least.deadLetters(), records);
			if (repeated && isViolation(less)) {
				least = less;
			}
		}
		return least;
	}

	private boolean isViolation(History history) {
		return this.guarantee.isViolatedBy(HistoryChecker.check(history, this.allowedDuplicates));
	}

	private static Set<UUID> ids(History history) {
		Set<UUID> ids = new LinkedHashSet<>(history.deadLetters());
		history.committed().forEach((event) -> ids.add(event.id()));
		history.observed().forEach((record) -> ids.add(record.id()));
		return ids;
	}

	private static int size(History history) {
		return history.committed().size() + history.deadLetters().size() + history.observed().size();
	}

	private static History keep(History history, Predicate<UUID> kept) {
		Set<UUID> dead = new LinkedHashSet<>(history.deadLetters());
		dead.removeIf(kept.negate());
		return new History(history.committed().stream().filter((event) -> kept.test(event.id())).toList(), dead,
				history.observed().stream().filter((record) -> kept.test(record.id())).toList());
	}

}
