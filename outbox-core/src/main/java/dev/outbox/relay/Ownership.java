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

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntConsumer;

import dev.outbox.store.LeaseStore.TakenPartition;

/**
 * Which partitions a lane owns, and which it is about to give back.
 */
final class Ownership {

	private final Memory memory;

	private final Scans scans;

	private final IntConsumer duplicatesPossible;

	/**
	 * Partitions to be given back once nothing of them is at the broker, and until when
	 * that is awaited.
	 */
	private final Map<Integer, Long> leaving = new HashMap<>();

	/**
	 * Partitions that may be given back, until the database confirms it.
	 */
	private final Set<Integer> vacated = new HashSet<>();

	private long nextCheck;

	Ownership(Memory memory, Scans scans, IntConsumer duplicatesPossible) {
		this.memory = memory;
		this.scans = scans;
		this.duplicatesPossible = duplicatesPossible;
	}

	/**
	 * Compares with what the database says.
	 * @param owned partitions and epochs according to the database
	 */
	void confirm(Map<Integer, Long> owned) {
		Set<Integer> lost = new HashSet<>();
		this.memory.owned().forEach((part, epoch) -> {
			if (!epoch.equals(owned.get(part))) {
				lost.add(part);
			}
		});
		this.duplicatesPossible.accept(lost.isEmpty() ? 0 : unanswered(lost));
		drop(lost);
		this.leaving.keySet().retainAll(owned.keySet());
		this.vacated.retainAll(owned.keySet());
		for (Map.Entry<Integer, Long> entry : owned.entrySet()) {
			int part = entry.getKey();
			if (!this.memory.owned().containsKey(part) && !this.leaving.containsKey(part)
					&& !this.vacated.contains(part)) {
				this.memory.owned().put(part, entry.getValue());
				this.scans.join(part, false);
			}
		}
	}

	void taken(List<TakenPartition> partitions) {
		for (TakenPartition taken : partitions) {
			this.leaving.remove(taken.part());
			this.vacated.remove(taken.part());
			this.memory.owned().put(taken.part(), taken.epoch());
			this.scans.join(taken.part(), taken.abandoned());
		}
	}

	/**
	 * Starts to give surplus partitions back.
	 * @param target how many to keep
	 * @param deadline until when to wait for the broker's answers
	 */
	void surrenderDownTo(int target, long deadline) {
		Set<Integer> surplus = new HashSet<>();
		for (int part : new TreeSet<>(this.memory.owned().keySet()).descendingSet()) {
			if (this.memory.owned().size() - surplus.size() > target) {
				surplus.add(part);
				this.leaving.put(part, deadline);
			}
		}
		drop(surplus);
	}

	/**
	 * Returns the partitions that nothing is at the broker of any more.
	 */
	Set<Integer> vacate(long now) {
		if (this.leaving.isEmpty() || this.nextCheck - now > 0) {
			return Set.of();
		}
		this.nextCheck = now + 2_000_000;
		Set<Integer> free = new HashSet<>(this.leaving.keySet());
		for (Entry entry : this.memory.window().all()) {
			free.remove(entry.row().part());
		}
		this.leaving.forEach((part, deadline) -> {
			if (deadline - now <= 0 && free.add(part)) {
				this.duplicatesPossible.accept(unanswered(Set.of(part)));
			}
		});
		this.leaving.keySet().removeAll(free);
		this.vacated.addAll(free);
		return free;
	}

	private int unanswered(Set<Integer> parts) {
		int unanswered = 0;
		for (Entry entry : this.memory.window().all()) {
			if (entry.attempt() != null && parts.contains(entry.row().part())) {
				unanswered++;
			}
		}
		return unanswered;
	}

	boolean isLeaving() {
		return !this.leaving.isEmpty();
	}

	private void drop(Set<Integer> parts) {
		if (!parts.isEmpty()) {
			parts.forEach((part) -> {
				this.memory.owned().remove(part);
				this.scans.leave(part);
			});
			this.memory.forget((chain) -> parts.contains(chain.part()));
		}
	}

}
