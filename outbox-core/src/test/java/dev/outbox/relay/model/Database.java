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

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

/**
 * The tables. Each method is a statement: it sees what is committed, and happens at once.
 */
final class Database {

	private final TreeMap<Long, Row> rows = new TreeMap<>();

	private final Set<Long> inProgress = new HashSet<>();

	private final Map<String, Long> expiries = new HashMap<>();

	private final @Nullable String[] owners;

	private final long[] epochs;

	private final Set<Long> dead = new HashSet<>();

	private long lastSeq;

	private long lastXid;

	private long lastFinished;

	private int joined;

	Database(int partitions) {
		this.owners = new String[partitions];
		this.epochs = new long[partitions];
	}

	int partitions() {
		return this.owners.length;
	}

	// Transactions

	long begin() {
		this.lastXid++;
		this.inProgress.add(this.lastXid);
		return this.lastXid;
	}

	Row insert(long xid, int key, boolean poison) {
		this.lastSeq++;
		Row row = new Row(this.lastSeq, xid, key, key % this.owners.length, poison);
		this.rows.put(row.seq(), row);
		return row;
	}

	void commit(long xid) {
		this.inProgress.remove(xid);
		this.lastFinished = Math.max(this.lastFinished, xid);
	}

	void rollback(long xid) {
		this.rows.values().removeIf((row) -> row.xid() == xid);
		commit(xid);
	}

	// The relay's reading and settling

	/**
	 * As PostgreSQL does: what began after the last transaction that has finished is not
	 * named, but lies at or above {@code xmax}.
	 */
	Snapshot snapshot() {
		long xmax = this.lastFinished + 1;
		Set<Long> running = new HashSet<>();
		for (long xid : this.inProgress) {
			if (xid < xmax) {
				running.add(xid);
			}
		}
		return new Snapshot(xmax, running);
	}

	/**
	 * Returns the last number of the sequence, also that of a row nobody sees yet.
	 */
	long lastSeq() {
		return this.lastSeq;
	}

	List<Row> read(long above, long upTo, int limit, Predicate<Row> wanted) {
		List<Row> found = new ArrayList<>();
		if (above >= upTo) {
			return found;
		}
		for (Row row : this.rows.subMap(above, false, upTo, true).values()) {
			if (found.size() == limit) {
				break;
			}
			if (wanted.test(row) && !this.inProgress.contains(row.xid())) {
				found.add(row);
			}
		}
		return found;
	}

	void delete(Collection<Row> settled) {
		settled.forEach((row) -> this.rows.remove(row.seq()));
	}

	void deleteUpTo(long seq, Set<Integer> parts) {
		this.rows.headMap(seq, true)
			.values()
			.removeIf((row) -> parts.contains(row.part()) && !this.inProgress.contains(row.xid()));
	}

	/**
	 * Moves a row to the dead letters, unless it is gone or has another owner.
	 */
	boolean bury(Row row, String owner, long epoch) {
		boolean buried = owner.equals(this.owners[row.part()]) && this.epochs[row.part()] == epoch
				&& this.rows.remove(row.seq()) != null;
		if (buried) {
			this.dead.add(row.seq());
		}
		return buried;
	}

	boolean isDead(Row row) {
		return this.dead.contains(row.seq());
	}

	boolean has(Row row) {
		return this.rows.containsKey(row.seq());
	}

	int waiting() {
		return this.rows.size();
	}

	boolean isQuiet() {
		return this.rows.isEmpty() && this.inProgress.isEmpty();
	}

	// Leases

	/**
	 * Starts a lease.
	 * @return a name that no instance had before
	 */
	String join(long expiry) {
		this.joined++;
		String instance = "i" + this.joined;
		this.expiries.put(instance, expiry);
		return instance;
	}

	boolean renew(String instance, long now, long expiry) {
		boolean renewed = this.expiries.getOrDefault(instance, now) > now;
		if (renewed) {
			this.expiries.put(instance, expiry);
		}
		return renewed;
	}

	void leave(String instance) {
		this.expiries.remove(instance);
	}

	/**
	 * Removes instances whose lease has ended, and returns how many are left.
	 */
	int removeExpired(long now) {
		this.expiries.values().removeIf((expiry) -> expiry < now);
		return this.expiries.size();
	}

	/**
	 * Returns the partitions of an instance with their epochs.
	 */
	Map<Integer, Long> owned(String instance) {
		Map<Integer, Long> owned = new TreeMap<>();
		for (int part = 0; part < this.owners.length; part++) {
			if (instance.equals(this.owners[part])) {
				owned.put(part, this.epochs[part]);
			}
		}
		return owned;
	}

	/**
	 * Takes partitions whose owner is not there, in one transaction after the others.
	 */
	Map<Integer, Long> take(String instance, int count, boolean alsoOfOthers) {
		Map<Integer, Long> taken = new TreeMap<>();
		for (int part = 0; part < this.owners.length && taken.size() < count; part++) {
			String owner = this.owners[part];
			boolean free = owner == null || !this.expiries.containsKey(owner);
			if (free || alsoOfOthers && !instance.equals(owner)) {
				this.owners[part] = instance;
				this.epochs[part]++;
				taken.put(part, this.epochs[part]);
			}
		}
		return taken;
	}

	void release(String instance, int part) {
		if (instance.equals(this.owners[part])) {
			this.owners[part] = null;
		}
	}

}
