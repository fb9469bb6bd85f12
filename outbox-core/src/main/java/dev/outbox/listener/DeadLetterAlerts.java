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

package dev.outbox.listener;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import dev.outbox.LogFields;
import dev.outbox.OutboxRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells of dead letters on a thread of its own, so that an alert that hangs holds up
 * nothing.
 */
public final class DeadLetterAlerts implements OutboxListener, AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(DeadLetterAlerts.class);

	private static final int WAITING = 1000;

	private final Supplier<List<DeadLetterAlert>> alerts;

	private final AtomicLong leftOut = new AtomicLong();

	private final ThreadPoolExecutor executor;

	/**
	 * Creates what tells of dead letters. Starts no thread yet.
	 * @param alerts whom to tell, in this order; asked for when there is something to
	 * tell, for an alert may itself want to publish an event
	 */
	public DeadLetterAlerts(Supplier<List<DeadLetterAlert>> alerts) {
		this.alerts = alerts;
		this.executor = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING),
				(task) -> {
					Thread thread = new Thread(task, "outbox-alert");
					thread.setDaemon(true);
					return thread;
				});
		this.executor.allowCoreThreadTimeOut(true);
	}

	@Override
	public void onDead(OutboxRecord event, String error, int attempts) {
		OutboxEventDead dead = new OutboxEventDead(event.withPayload(new byte[0]), error, attempts);
		try {
			this.executor.execute(() -> tell(dead));
		}
		catch (RejectedExecutionException ex) {
			this.leftOut.incrementAndGet();
		}
	}

	private void tell(OutboxEventDead dead) {
		long missing = this.leftOut.getAndSet(0);
		for (DeadLetterAlert alert : this.alerts.get()) {
			try {
				LogFields.within(dead.event(), () -> alert.onDeadLetter(dead, missing));
			}
			catch (RuntimeException | Error ex) {
				LogFields.add(logger.atWarn(), dead.event())
					.setCause(ex)
					.log("Alert {} failed for dead letter of event {}; the other alerts are called",
							alert.getClass().getName(), dead.event().id());
			}
		}
	}

	/**
	 * Ends when the alerts that wait have been handled; does not wait for that.
	 */
	@Override
	public void close() {
		this.executor.shutdown();
	}

}
