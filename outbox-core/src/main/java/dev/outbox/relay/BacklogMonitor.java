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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the backlog on an interval, on a thread of its own, so that neither a meter
 * nor a health check ever waits for the database. Thread-safe.
 */
public final class BacklogMonitor implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(BacklogMonitor.class);

	private final BacklogStore store;

	private final LongSupplier fromSeq;

	private final Duration interval;

	private final long startedAt = System.nanoTime();

	private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

	private @Nullable ScheduledExecutorService executor;

	private volatile @Nullable Measurement last;

	/**
	 * Creates a monitor that has not been started.
	 * @param store what to measure
	 * @param fromSeq returns a sequence number below which nothing waits, 0 if unknown
	 * @param interval how long to wait between two measurements
	 */
	public BacklogMonitor(BacklogStore store, LongSupplier fromSeq, Duration interval) {
		this.store = store;
		this.fromSeq = fromSeq;
		this.interval = interval;
	}

	/**
	 * Has something done after each measurement, whether or not it succeeded, on the
	 * thread that measures. What it throws is logged.
	 * @param listener what to do
	 */
	public void afterEach(Runnable listener) {
		this.listeners.add(listener);
	}

	/**
	 * Starts to measure. Returns at once; does nothing if it has been started.
	 */
	public synchronized void start() {
		if (this.executor == null) {
			this.executor = Executors.newSingleThreadScheduledExecutor((task) -> {
				Thread thread = new Thread(task, "outbox-monitor");
				thread.setDaemon(true);
				return thread;
			});
			this.executor.scheduleWithFixedDelay(this::turn, 0, this.interval.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * Stops measuring. Returns at once.
	 */
	@Override
	public synchronized void close() {
		if (this.executor != null) {
			this.executor.shutdownNow();
			this.executor = null;
		}
	}

	/**
	 * Returns the last measurement.
	 * @return what is known; a measurement that is overdue counts as failed
	 */
	public Reading latest() {
		Measurement current = this.last;
		long since = System.nanoTime() - ((current != null) ? current.takenAt() : this.startedAt);
		if (since > this.interval.toNanos() * 3 + TimeUnit.SECONDS.toNanos(30)) {
			return new Reading(null,
					"The database has not answered for " + TimeUnit.NANOSECONDS.toSeconds(since) + " s");
		}
		return (current != null) ? new Reading(current.backlog(), current.error()) : new Reading(null, null);
	}

	private void turn() {
		measure();
		for (Runnable listener : this.listeners) {
			try {
				listener.run();
			}
			catch (RuntimeException | LinkageError ex) {
				logger.warn("What was to be done with a measurement of the backlog failed; it is measured again in"
						+ " {} ms", this.interval.toMillis(), ex);
			}
		}
	}

	private void measure() {
		Measurement previous = this.last;
		try {
			Backlog backlog = this.store.measure(this.fromSeq.getAsLong());
			this.last = new Measurement(backlog, null, System.nanoTime());
		}
		catch (Throwable ex) {
			this.last = new Measurement(null, FailureText.error(ex.getClass().getName() + ": " + ex.getMessage()),
					System.nanoTime());
			if (previous == null || previous.error() == null) {
				logger.warn("The backlog of the outbox cannot be measured; its meters show NaN until it can, and it"
						+ " is tried again every {} ms", this.interval.toMillis(), ex);
			}
		}
	}

	/**
	 * What is known about the backlog. Neither value is set before the first measurement.
	 *
	 * @param backlog the backlog, {@code null} if it could not be measured
	 * @param error why it could not be measured
	 */
	public record Reading(@Nullable Backlog backlog, @Nullable String error) {

	}

	/**
	 * A measurement.
	 *
	 * @param backlog the backlog
	 * @param error why there is none
	 * @param takenAt when, on the monotonic clock
	 */
	private record Measurement(@Nullable Backlog backlog, @Nullable String error, long takenAt) {

	}

}
