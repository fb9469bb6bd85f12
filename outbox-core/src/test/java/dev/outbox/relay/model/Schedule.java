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
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

/**
 * Writers, instances and what happens to them for a while, and then nothing more until
 * all is delivered. Everything follows from the seed.
 */
final class Schedule {

	private static final int KEYS = 6;

	private static final long LENGTH = 600;

	/** Long enough for anything that makes progress. */
	private static final long PATIENCE = 3000;

	private final Timeline time;

	private final Database database = new Database(4);

	private final Broker broker;

	private final List<Instance> instances = new ArrayList<>();

	private final Set<Integer> locked = new HashSet<>();

	private final Set<Row> committed = new TreeSet<>(Comparator.comparingLong(Row::seq));

	private final @Nullable Mutation without;

	private final boolean faults;

	private int exposed;

	private boolean over;

	/**
	 * Creates a schedule.
	 * @param seed what everything follows from
	 * @param faults whether instances are killed and paused, and sends fail; otherwise
	 * they come and go in good order
	 * @param without the rule that is left out, if any
	 * @param noting whether to note what happens
	 */
	Schedule(long seed, boolean faults, @Nullable Mutation without, boolean noting) {
		this.time = new Timeline(seed, noting);
		this.broker = new Broker(this.time, faults);
		this.faults = faults;
		this.without = without;
	}

	/**
	 * Runs it.
	 * @return what its history gets wrong, with an example of each
	 */
	Map<Violation, String> run() {
		for (int i = this.time.below(3); i >= 0; i--) {
			start();
		}
		for (int i = 0; i < 3; i++) {
			this.time.later(this.time.delay(20), this::write);
		}
		this.time.later(this.time.delay(60), this::disturb);
		while (this.time.now() < LENGTH) {
			this.time.next();
		}
		this.over = true;
		this.broker.repair();
		if (this.instances.stream().noneMatch(Instance::isStaying)) {
			start();
		}
		while (this.time.now() < LENGTH + PATIENCE && !this.database.isQuiet()) {
			this.time.next();
		}
		return check();
	}

	long steps() {
		return this.time.done();
	}

	List<String> notes() {
		return this.time.notes();
	}

	private void start() {
		this.instances.add(new Instance(this.time, this.database, this.broker, this.without));
	}

	/**
	 * A transaction with events of some keys. It has their locks until its end, so that
	 * the order of a key is that of its numbers; of different keys it is not.
	 */
	private void write() {
		if (this.over) {
			return;
		}
		Set<Integer> keys = new TreeSet<>();
		for (int i = this.time.below(3); i >= 0; i--) {
			int key = this.time.below(KEYS);
			if (this.locked.add(key)) {
				keys.add(key);
			}
		}
		long xid = this.database.begin();
		List<Row> rows = new ArrayList<>();
		long at = 0;
		for (int key : keys) {
			at += this.time.delay(6);
			this.time.later(at, () -> rows.add(this.database.insert(xid, key, this.faults && this.time.oneIn(12))));
		}
		at += this.time.oneIn(4) ? this.time.delay(150) : this.time.delay(5);
		this.time.later(at, () -> end(xid, rows, keys));
		this.time.later(this.time.delay(12), this::write);
	}

	private void end(long xid, List<Row> rows, Set<Integer> keys) {
		if (this.time.oneIn(8)) {
			this.database.rollback(xid);
		}
		else {
			this.database.commit(xid);
			this.committed.addAll(rows);
			this.time.note("committed", rows);
		}
		this.locked.removeAll(keys);
	}

	private void disturb() {
		if (this.over) {
			return;
		}
		this.time.later(this.time.delay(80), this::disturb);
		List<Instance> staying = this.instances.stream().filter(Instance::isStaying).toList();
		int what = this.time.below(4);
		if (staying.isEmpty() || what == 0 && staying.size() < 4) {
			start();
			return;
		}
		Instance victim = staying.get(this.time.below(staying.size()));
		if (this.faults && what == 1) {
			this.exposed += victim.exposed();
			victim.kill();
		}
		else if (this.faults && what == 2) {
			this.exposed += victim.exposed();
			victim.pause(this.time.now() + this.time.delay(300));
		}
		else if (staying.size() > 1) {
			victim.stop();
		}
	}

	private Map<Violation, String> check() {
		Map<Violation, String> wrong = new EnumMap<>(Violation.class);
		Set<Long> delivered = new HashSet<>();
		long[] last = new long[KEYS];
		int duplicates = 0;
		for (Row row : this.broker.log()) {
			if (!this.committed.contains(row)) {
				wrong.putIfAbsent(Violation.NEVER_COMMITTED, row.toString());
			}
			if (!delivered.add(row.seq())) {
				duplicates++;
			}
			else if (!this.database.isDead(row)) {
				// A dead letter has no place in the order.
				if (row.seq() < last[row.key()]) {
					wrong.putIfAbsent(Violation.OUT_OF_ORDER, row + " after " + last[row.key()]);
				}
				last[row.key()] = Math.max(last[row.key()], row.seq());
			}
		}
		if (duplicates > this.exposed + this.broker.unknown()) {
			wrong.put(Violation.TOO_MANY_DUPLICATES,
					duplicates + " where " + (this.exposed + this.broker.unknown()) + " can be explained");
		}
		if (!this.database.isQuiet()) {
			wrong.put(Violation.STUCK, this.database.waiting() + " rows");
		}
		for (Row row : this.committed) {
			if (!delivered.contains(row.seq()) && !this.database.isDead(row) && !this.database.has(row)) {
				wrong.putIfAbsent(Violation.LOST, row.toString());
			}
		}
		return Collections.unmodifiableMap(wrong);
	}

}
