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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that turns a loop until it is told to end, and survives whatever a turn
 * throws. The only class of the relay that waits.
 */
final class Worker {

	private static final Logger logger = LoggerFactory.getLogger(Worker.class);

	private static final long MAX_PAUSE = TimeUnit.SECONDS.toNanos(5);

	private final String name;

	private final Loop loop;

	private final AtomicBoolean signalled = new AtomicBoolean();

	private final AtomicLong failures = new AtomicLong();

	private volatile boolean ended;

	private volatile long lastTurn = System.nanoTime();

	private volatile @Nullable Thread thread;

	Worker(String name, Loop loop) {
		this.name = name;
		this.loop = loop;
	}

	void start() {
		Thread started = new Thread(this::run, this.name);
		started.setDaemon(true);
		this.thread = started;
		started.start();
	}

	/**
	 * Starts the thread again if something has ended it that no loop can survive.
	 */
	void ensureAlive() {
		Thread current = this.thread;
		if (!this.ended && current != null && !current.isAlive()) {
			logger.error("Thread {} has died; the relay starts it again", this.name);
			start();
		}
	}

	/**
	 * Makes the next wait return at once.
	 */
	void signal() {
		if (!this.signalled.getAndSet(true)) {
			LockSupport.unpark(this.thread);
		}
	}

	void end() {
		this.ended = true;
		signal();
	}

	/**
	 * Waits until the thread has ended.
	 * @return whether it has ended in time
	 */
	boolean join(long nanos) {
		Thread current = this.thread;
		if (current == null || current == Thread.currentThread()) {
			return true;
		}
		try {
			TimeUnit.NANOSECONDS.timedJoin(current, Math.max(1, nanos));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		return !current.isAlive();
	}

	/**
	 * Waits until a condition holds.
	 * @return whether it holds
	 */
	static boolean awaitUntil(BooleanSupplier condition, long deadline) {
		while (!condition.getAsBoolean()) {
			if (deadline - System.nanoTime() <= 0 || Thread.currentThread().isInterrupted()) {
				return condition.getAsBoolean();
			}
			LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
		}
		return true;
	}

	void interrupt() {
		Thread current = this.thread;
		if (current != null) {
			current.interrupt();
		}
	}

	boolean isEnded() {
		return this.ended;
	}

	long failures() {
		return this.failures.get();
	}

	long sinceLastTurn() {
		return System.nanoTime() - this.lastTurn;
	}

	private void run() {
		int failuresInARow = 0;
		while (!this.ended) {
			try {
				long wait = this.loop.turn();
				failuresInARow = 0;
				this.lastTurn = System.nanoTime();
				await(wait);
			}
			catch (Throwable ex) {
				this.failures.incrementAndGet();
				failuresInARow++;
				recover(ex, failuresInARow);
			}
		}
	}

	private void recover(Throwable failure, int failuresInARow) {
		try {
			long pause = Math.min(MAX_PAUSE, TimeUnit.MILLISECONDS.toNanos(50L << Math.min(failuresInARow, 10)));
			if (!this.ended) {
				logger.warn("{} failed {} time(s) in a row and goes on in {} ms; nothing is lost", this.name,
						failuresInARow, TimeUnit.NANOSECONDS.toMillis(pause), failure);
			}
			notify(failure);
			this.lastTurn = System.nanoTime();
			for (long end = System.nanoTime() + pause; !this.ended && System.nanoTime() < end;) {
				LockSupport.parkNanos(this, end - System.nanoTime());
				Thread.interrupted();
			}
		}
		catch (Throwable ex) {
			this.failures.incrementAndGet();
		}
	}

	private void notify(Throwable failure) {
		try {
			this.loop.failed(failure);
		}
		catch (Throwable ex) {
			logger.error("{} could not put things in order after a failure; it goes on", this.name, ex);
		}
	}

	private void await(long nanos) {
		if (nanos > 0 && !this.signalled.get()) {
			LockSupport.parkNanos(this, nanos);
			if (!this.ended) {
				Thread.interrupted();
			}
		}
		this.signalled.set(false);
	}

	/**
	 * What a worker does.
	 */
	interface Loop {

		/**
		 * Does what there is to do.
		 * @return how long to wait before the next turn, in nanoseconds, unless signalled
		 */
		long turn() throws Exception;

		/**
		 * Puts things in order after a turn has failed.
		 * @param failure what it threw
		 */
		default void failed(Throwable failure) {
		}

	}

}
