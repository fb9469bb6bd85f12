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

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import dev.outbox.store.ArchivePartition;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.HousekeepingStore.Kept;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what has been kept long enough, now and then, in small portions, on a thread of
 * its own. Independent of the relay: an instance that only publishes can do it too.
 */
public final class Housekeeper implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Housekeeper.class);

	/**
	 * Between two portions the database serves others.
	 */
	private static final long BREATH = TimeUnit.MILLISECONDS.toNanos(50);

	private static final Duration LONGEST_WAIT_FOR_THE_END = Duration.ofSeconds(5);

	private final HousekeepingStore store;

	private final Map<Kept, Duration> retentions = new EnumMap<>(Kept.class);

	/**
	 * When to try again what has failed.
	 */
	private final Map<Kept, Long> failed = new EnumMap<>(Kept.class);

	private final Duration interval;

	private final int portion;

	private final int rowsPerSecond;

	private final ArchivePartition partition;

	private final Worker worker = new Worker("outbox-housekeeping", this::work);

	private boolean started;

	private long next;

	private long nextMaintenance;

	/**
	 * Creates a housekeeper that has not been started.
	 * @param store what to remove it from
	 * @param retentions how long what is kept; what is missing is kept for good
	 * @param interval how long to wait when there is nothing more to remove
	 * @param portion how much is removed in one transaction
	 * @param rowsPerSecond how many rows this instance removes per second at most
	 * @param partition how the archive is divided
	 */
	public Housekeeper(HousekeepingStore store, Map<Kept, Duration> retentions, Duration interval, int portion,
			int rowsPerSecond, ArchivePartition partition) {
		this.store = store;
		this.retentions.putAll(retentions);
		this.interval = interval;
		this.portion = portion;
		this.rowsPerSecond = rowsPerSecond;
		this.partition = partition;
		schedule();
	}

	private void schedule() {
		this.nextMaintenance = System.nanoTime();
		this.next = this.nextMaintenance + this.interval.toNanos();
	}

	/**
	 * Starts to work: prepares the archive, and removes something for the first time
	 * after one interval. Returns at once; does nothing if it has been started.
	 */
	public synchronized void start() {
		if (!this.started) {
			this.started = true;
			schedule();
			this.worker.start();
		}
	}

	/**
	 * Stops for good. Waits until the portion that is being removed is.
	 */
	@Override
	public synchronized void close() {
		if (this.started) {
			this.worker.end();
			if (!this.worker.join(LONGEST_WAIT_FOR_THE_END.toNanos())) {
				this.worker.interrupt();
			}
		}
	}

	/**
	 * Does what is due.
	 * @return nanoseconds to wait before the next turn
	 */
	long work() {
		long now = System.nanoTime();
		// What fails is tried again when it is time for it anyway.
		if (this.nextMaintenance - now <= 0) {
			this.nextMaintenance = now + this.interval.toNanos();
			maintain();
		}
		if (this.next - now <= 0) {
			this.next = now + this.interval.toNanos();
			remove();
		}
		long first = Math.min(this.next - now, this.nextMaintenance - now);
		return Math.max(1, now + first - System.nanoTime());
	}

	private void maintain() {
		Duration retention = this.retentions.get(Kept.ARCHIVED_EVENT);
		if (retention != null) {
			this.store.maintainArchive(retention, this.partition);
		}
		else {
			this.store.keepArchive();
		}
	}

	/**
	 * Removes one portion of everything. What fails keeps nothing else off, and is left
	 * alone for an interval.
	 */
	void remove() {
		int all = 0;
		boolean more = false;
		long later = this.next;
		RuntimeException failure = null;
		for (Kept what : this.retentions.keySet()) {
			if (isDue(what)) {
				try {
					int removed = remove(what);
					all += removed;
					more |= removed == this.portion;
				}
				catch (RuntimeException ex) {
					this.failed.put(what, later);
					failure = join(failure, ex);
				}
			}
		}
		if (more) {
			this.next = System.nanoTime() + Math.max(BREATH, TimeUnit.SECONDS.toNanos(all) / this.rowsPerSecond);
		}
		if (failure != null) {
			throw failure;
		}
	}

	private boolean isDue(Kept what) {
		Long again = this.failed.get(what);
		if (again != null && again - System.nanoTime() > 0) {
			return false;
		}
		this.failed.remove(what);
		return true;
	}

	private int remove(Kept what) {
		Duration retention = Objects.requireNonNull(this.retentions.get(what));
		int removed = this.store.removeExpired(what, retention, this.portion);
		if (removed > 0) {
			logger.debug("Removed {} x {} older than {}", removed, what, retention);
		}
		return removed;
	}

	private static RuntimeException join(@Nullable RuntimeException first, RuntimeException next) {
		if (first == null) {
			return next;
		}
		if (first != next) {
			first.addSuppressed(next);
		}
		return first;
	}

}
