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

package dev.outbox.deadletter;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import dev.outbox.LogFields;
import dev.outbox.deadletter.BulkChange.Action;
import dev.outbox.deadletter.BulkChange.State;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.Operator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes many dead letters, oldest first, in the background and no faster than wanted.
 * <p>
 * One change at a time. Only dead letters that were there when it began are changed, so
 * that one which dies again is not retried for ever. It ends with the application: what
 * is left are dead letters as before, and the same change can be started again. Each dead
 * letter is changed in a transaction of its own, with its own entry in the audit table.
 * Thread-safe.
 */
public final class BulkChanges implements AutoCloseable {

	/**
	 * The highest rate.
	 */
	public static final int FASTEST = 10_000;

	private static final Logger logger = LoggerFactory.getLogger(BulkChanges.class);

	private static final int PORTION = 100;

	private static final int TURNS_PER_SECOND = 10;

	private static final int ATTEMPTS = 3;

	private static final int MOST_FAILED = 5;

	private static final long UNKNOWN = -1;

	private final DeadLetters letters;

	private final Clock clock;

	private final ScheduledThreadPoolExecutor executor;

	private @Nullable Run current;

	/**
	 * Creates what changes the dead letters of an outbox. Starts no thread yet.
	 * @param letters the dead letters
	 * @param clock tells when a change began
	 */
	public BulkChanges(DeadLetters letters, Clock clock) {
		this.letters = letters;
		this.clock = clock;
		this.executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, "outbox-bulk-change");
			thread.setDaemon(true);
			return thread;
		});
		this.executor.setKeepAliveTime(10, TimeUnit.SECONDS);
		this.executor.allowCoreThreadTimeOut(true);
		this.executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
	}

	/**
	 * Starts a change of those that are there when it begins. Returns at once.
	 * @param action what to do to each dead letter
	 * @param filter which ones
	 * @param perSecond how many to change in a second at most, from 1 to
	 * {@value #FASTEST}
	 * @param operator who wants it
	 * @return the change
	 * @throws IllegalStateException if another change has not ended; nothing has been
	 * changed
	 */
	public BulkChange start(Action action, DeadLetterFilter filter, int perSecond, Operator operator) {
		return start(action, filter, UNKNOWN, perSecond, operator);
	}

	/**
	 * Starts a change. Returns at once.
	 * @param action what to do to each dead letter
	 * @param filter which ones
	 * @param lastNumber number of the last one that is meant: those that have come since
	 * somebody looked are not
	 * @param perSecond how many to change in a second at most, from 1 to
	 * {@value #FASTEST}
	 * @param operator who wants it
	 * @return the change
	 * @throws IllegalStateException if another change has not ended; nothing has been
	 * changed
	 */
	public synchronized BulkChange start(Action action, DeadLetterFilter filter, long lastNumber, int perSecond,
			Operator operator) {
		if (perSecond < 1 || perSecond > FASTEST) {
			throw new IllegalArgumentException("Dead letters are changed at 1 to " + FASTEST
					+ " a second, but perSecond is " + perSecond + ". Nothing has been changed");
		}
		if (this.executor.isShutdown()) {
			throw new IllegalStateException("The application is stopping. Nothing has been changed");
		}
		if (this.current != null && this.current.state == State.RUNNING) {
			throw new IllegalStateException("Change " + this.current.id
					+ " has not ended; nothing else has been changed. Wait until it has, or stop it");
		}
		Run run = new Run(action, filter, lastNumber, perSecond, operator, this.clock.instant());
		this.current = run;
		this.executor.execute(() -> turn(run));
		logger.info("{} has started to {} dead letters, {} a second at most: {}", operator, action, perSecond, run.id);
		return run.snapshot();
	}

	/**
	 * Returns the change that goes on, or the last one.
	 * @return the change, empty if there has been none since the application started
	 */
	public synchronized Optional<BulkChange> last() {
		return Optional.ofNullable(this.current).map(Run::snapshot);
	}

	/**
	 * Stops a change. What it has changed stays changed.
	 * @param id its id
	 * @return {@code false} if it does not go on
	 */
	public synchronized boolean stop(UUID id) {
		if (this.current == null || !this.current.id.equals(id) || this.current.state != State.RUNNING) {
			return false;
		}
		this.current.end(State.STOPPED, null);
		return true;
	}

	/**
	 * Stops what goes on.
	 */
	@Override
	public void close() {
		synchronized (this) {
			if (this.current != null && this.current.state == State.RUNNING) {
				this.current.end(State.STOPPED, null);
				logger.warn("Change {} of dead letters was stopped by the end of the application after {} of them;"
						+ " start it again for the others", this.current.id, this.current.changed);
			}
		}
		this.executor.shutdown();
	}

	private void turn(Run run) {
		long startedAt = System.nanoTime();
		if (run.state != State.RUNNING) {
			return;
		}
		try {
			int budget = Math.max(1, run.perSecond / TURNS_PER_SECOND);
			int changed = portion(run, budget);
			synchronized (this) {
				if (run.state == State.RUNNING && !this.executor.isShutdown()) {
					long pause = changed * TimeUnit.SECONDS.toNanos(1) / run.perSecond - (System.nanoTime() - startedAt)
							+ TimeUnit.SECONDS.toNanos(run.unread);
					this.executor.schedule(() -> turn(run), Math.max(0, pause), TimeUnit.NANOSECONDS);
				}
			}
		}
		catch (RuntimeException | Error ex) {
			synchronized (this) {
				if (run.state == State.RUNNING) {
					run.end(State.FAILED, "The store could not be used (" + ex.getClass().getName()
							+ "); the log of this instance says why");
				}
			}
			logger.error("Change {} of dead letters has failed after {} of them, which stay changed. Start it again for"
					+ " the others when the cause is gone", run.id, run.changed, ex);
		}
	}

	/**
	 * Returns the next dead letters. The store may be busy with what somebody else wants
	 * to see, or away for a moment.
	 * @return the dead letters, {@code null} if they could not be read this time
	 */
	private @Nullable List<DeadLetter> next(Run run, int budget) {
		try {
			if (run.until == UNKNOWN) {
				run.until = this.letters.lastNumber();
			}
			List<DeadLetter> next = this.letters.list(run.filter, run.seen, Math.min(budget, PORTION));
			run.unread = 0;
			return next;
		}
		catch (RuntimeException ex) {
			run.unread++;
			if (run.unread > MOST_FAILED) {
				throw ex;
			}
			logger.warn("Change {} of dead letters could not read the next ones; it tries again in {} s", run.id,
					run.unread, ex);
			return null;
		}
	}

	/**
	 * Changes some dead letters.
	 * @return how many
	 */
	private int portion(Run run, int budget) {
		List<DeadLetter> next = next(run, budget);
		if (next == null) {
			return 0;
		}
		int changed = 0;
		for (DeadLetter letter : next) {
			if (run.state != State.RUNNING) {
				return changed;
			}
			if (letter.number() > run.until) {
				break;
			}
			change(run, letter);
			run.seen = letter.number();
			changed++;
		}
		if (changed < next.size() || next.isEmpty()) {
			synchronized (this) {
				if (run.state == State.RUNNING) {
					run.end(State.FINISHED, null);
				}
			}
		}
		return changed;
	}

	/**
	 * A dead letter that cannot be changed, or conflicts with somebody else each time, is
	 * left out. When several in a row are, it is the store.
	 */
	private void change(Run run, DeadLetter letter) {
		for (int attempt = 1;; attempt++) {
			try {
				run.count((run.action == Action.RETRY) ? this.letters.retry(letter, run.operator)
						: this.letters.discard(letter.number(), run.operator));
				run.failedInARow = 0;
				return;
			}
			catch (RuntimeException ex) {
				if (attempt < ATTEMPTS) {
					continue;
				}
				run.failed = run.failed + 1;
				run.failedInARow++;
				if (run.failedInARow > MOST_FAILED) {
					throw ex;
				}
				LogFields.add(LogFields.add(logger.atWarn(), letter.event()), LogFields.DEAD_LETTER, letter.number())
					.setCause(ex)
					.log("Dead letter {} could not be changed; change {} goes on with the others", letter.number(),
							run.id);
				return;
			}
		}
	}

	/**
	 * A change, of which one thread at a time knows how far it has come.
	 */
	private static final class Run {

		private final UUID id = UUID.randomUUID();

		private final Action action;

		private final DeadLetterFilter filter;

		private final int perSecond;

		private final Operator operator;

		private final Instant startedAt;

		private long until;

		private long seen;

		private int failedInARow;

		private int unread;

		private volatile State state = State.RUNNING;

		private volatile long changed;

		private volatile long gone;

		private volatile long failed;

		private volatile @Nullable String error;

		Run(Action action, DeadLetterFilter filter, long until, int perSecond, Operator operator, Instant startedAt) {
			this.action = action;
			this.filter = filter;
			this.until = until;
			this.perSecond = perSecond;
			this.operator = operator;
			this.startedAt = startedAt;
		}

		void count(boolean done) {
			if (done) {
				this.changed = this.changed + 1;
			}
			else {
				this.gone = this.gone + 1;
			}
		}

		void end(State state, @Nullable String error) {
			this.error = error;
			this.state = state;
		}

		BulkChange snapshot() {
			return new BulkChange(this.id, this.action, this.filter, this.perSecond, this.operator.name(),
					this.startedAt, this.state, this.changed, this.gone, this.failed, this.error);
		}

	}

}
