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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * What an instance knows as long as it has its lease. It is thrown away as a whole.
 */
final class Tenure {

	final String name;

	/** The partitions it owns, as far as it knows, with their epochs. */
	final Map<Integer, Long> epochs = new TreeMap<>();

	/** Those whose new rows are read, ... */
	final Set<Integer> tail = new TreeSet<>();

	/** ... those that wait for a backfill, ... */
	final Set<Integer> fresh = new TreeSet<>();

	/** ... are in one, ... */
	final Set<Integer> backfill = new TreeSet<>();

	/** ... and are given back as soon as nothing of them is with the broker. */
	final Set<Integer> releasing = new TreeSet<>();

	/** Rows that were read and are not known to be deleted. */
	final Set<Long> seen = new HashSet<>();

	final Set<Long> deleted = new HashSet<>();

	/** What is to be sent, by key. */
	final Map<Integer, Deque<Row>> chains = new TreeMap<>();

	final Map<Long, Row> inFlight = new HashMap<>();

	final Map<Long, Integer> attempts = new HashMap<>();

	final Map<Long, Long> due = new HashMap<>();

	final List<Row> acknowledged = new ArrayList<>();

	final List<Row> settling = new ArrayList<>();

	/** Nothing is sent after it. */
	long deadline;

	long cursor;

	@Nullable Snapshot previous;

	long backfillCursor;

	@Nullable Snapshot backfillPrevious;

	boolean merging;

	Tenure(String name, long deadline) {
		this.name = name;
		this.deadline = deadline;
	}

	/**
	 * Returns how many events the broker may have while nobody else knows of it.
	 */
	int exposed() {
		return this.inFlight.size() + this.acknowledged.size() + this.settling.size();
	}

	boolean isReading(int part) {
		return this.epochs.containsKey(part) && !this.releasing.contains(part);
	}

	boolean isBusyWith(int part) {
		return has(this.inFlight.values(), part) || has(this.acknowledged, part) || has(this.settling, part);
	}

	private static boolean has(Iterable<Row> rows, int part) {
		for (Row row : rows) {
			if (row.part() == part) {
				return true;
			}
		}
		return false;
	}

	void append(List<Row> found) {
		found.sort(Comparator.comparingLong(Row::seq));
		for (Row row : found) {
			if (this.seen.add(row.seq())) {
				this.chains.computeIfAbsent(row.key(), (key) -> new ArrayDeque<>()).add(row);
			}
		}
	}

	/**
	 * Forgets the rows of a partition that are not with the broker.
	 */
	void drop(int part, boolean keepSeen) {
		for (Deque<Row> chain : this.chains.values()) {
			chain.removeIf((row) -> {
				boolean dropped = row.part() == part && !this.inFlight.containsKey(row.seq());
				if (dropped && !keepSeen) {
					this.seen.remove(row.seq());
				}
				return dropped;
			});
		}
	}

	void stopReading(int part) {
		this.tail.remove(part);
		this.fresh.remove(part);
		this.backfill.remove(part);
	}

	void forget(int part) {
		stopReading(part);
		this.releasing.remove(part);
		this.epochs.remove(part);
	}

}
