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

package dev.outbox.publish;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads on which callers hear of their messages. A caller that sends again there,
 * and waits for that, needs another of these threads to go on: a fork-join pool adds one
 * for each that waits in a future.
 */
final class CallbackThreads implements Executor {

	private static final int MOST_THREADS = 10_000;

	private static final int IDLE_SECONDS = 10;

	private final ForkJoinPool pool;

	private final AtomicInteger threads = new AtomicInteger();

	CallbackThreads() {
		int parallelism = Math.max(2, Runtime.getRuntime().availableProcessors());
		// Unless told, these threads would see the classes of the system class loader
		// only.
		ClassLoader loader = Thread.currentThread().getContextClassLoader();
		this.pool = new ForkJoinPool(parallelism, (pool) -> thread(pool, loader), null, true, parallelism, MOST_THREADS,
				1, (full) -> true, IDLE_SECONDS, TimeUnit.SECONDS);
	}

	private ForkJoinWorkerThread thread(ForkJoinPool pool, ClassLoader loader) {
		ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
		thread.setName("outbox-sender-" + this.threads.incrementAndGet());
		thread.setContextClassLoader(loader);
		return thread;
	}

	@Override
	public void execute(Runnable task) {
		try {
			this.pool.execute(task);
		}
		catch (RejectedExecutionException ex) {
			// Closed: whoever knows the outcome tells it.
			task.run();
		}
	}

	/**
	 * Takes no more tasks and waits for those it has. They go on afterwards, too, on
	 * these threads: who closes must not run, and so wait for, what callers do there.
	 * @param patience how long to wait
	 * @return whether all have ended
	 */
	boolean close(Duration patience) {
		this.pool.shutdown();
		try {
			// One of these threads would wait for itself.
			return ForkJoinTask.getPool() == this.pool
					|| this.pool.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return this.pool.isTerminated();
		}
	}

}
