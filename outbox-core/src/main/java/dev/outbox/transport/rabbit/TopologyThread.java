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

package dev.outbox.transport.rabbit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

import dev.outbox.transport.BrokerUnavailableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that asks the broker about exchanges and queues. The client waits for an
 * answer for minutes and cannot be interrupted, so nobody else does it: who needs the
 * answer waits here, as long as answers come.
 */
final class TopologyThread {

	private static final Logger log = LoggerFactory.getLogger(RabbitTopology.class);

	private static final Duration PATIENCE = Duration.ofSeconds(5);

	private final ThreadPoolExecutor thread;

	private final AtomicLong answers = new AtomicLong();

	TopologyThread() {
		this.thread = new ThreadPoolExecutor(1, 1, PATIENCE.toMillis(), TimeUnit.MILLISECONDS,
				new LinkedBlockingQueue<>(), (task) -> {
					Thread created = new Thread(task, "outbox-rabbit-topology");
					created.setDaemon(true);
					return created;
				});
		this.thread.allowCoreThreadTimeOut(true);
	}

	/**
	 * Notes that the broker has answered.
	 */
	void answered() {
		this.answers.incrementAndGet();
	}

	/**
	 * Asks, and waits for the result.
	 * @param questions what to do on the thread
	 * @return its result
	 * @throws BrokerUnavailableException if there was no answer for five seconds
	 */
	<T> T call(Callable<T> questions) {
		Future<T> result;
		try {
			result = this.thread.submit(questions);
		}
		catch (RejectedExecutionException ex) {
			throw new BrokerUnavailableException("RabbitMQ is not asked any more: the application stops", ex);
		}
		try {
			while (true) {
				long before = this.answers.get();
				try {
					return result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
				}
				catch (TimeoutException ex) {
					if (this.answers.get() == before) {
						throw new BrokerUnavailableException(
								"RabbitMQ has not answered within " + PATIENCE.toMillis() + " ms", ex);
					}
				}
			}
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof RuntimeException problem) {
				throw problem;
			}
			throw new IllegalStateException(ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new BrokerUnavailableException("Interrupted while waiting for RabbitMQ", ex);
		}
		finally {
			// What waits behind a question without answer would pile up.
			result.cancel(false);
		}
	}

	/**
	 * Asks, and does not wait.
	 * @param questions what to do on the thread
	 * @return its outcome, or {@code null} if nothing is asked any more
	 */
	@Nullable Future<?> start(Runnable questions) {
		try {
			return this.thread.submit(questions);
		}
		catch (RejectedExecutionException ex) {
			log.debug("Closed before RabbitMQ could be asked", ex);
			return null;
		}
	}

	/**
	 * Waits until something is done, for five seconds at most.
	 */
	static void await(Future<?> work) {
		try {
			work.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException | CancellationException ex) {
			log.debug("Events are sent before what they need was created", ex);
		}
	}

	/**
	 * Asks nothing any more. A question that has no answer yet ends with its connection.
	 */
	void close() {
		this.thread.shutdownNow();
	}

}
