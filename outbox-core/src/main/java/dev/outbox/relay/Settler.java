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
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.outbox.LogFields;
import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.store.EventRef;
import dev.outbox.store.RelayStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what has become of events, on a thread of its own: acknowledged rows are deleted
 * in batches, everything else one by one. Whatever fails is tried again.
 */
final class Settler implements Worker.Loop {

	private static final Logger logger = LoggerFactory.getLogger(Settler.class);

	private static final int BATCH = 4000;

	/**
	 * Acknowledgements are collected this long; a few statements a second more are not
	 * worth what they cost the database.
	 */
	private static final long GATHER = TimeUnit.MILLISECONDS.toNanos(5);

	private static final Duration REFUSED_PAUSE = Duration.ofSeconds(1);

	private final RelayStore store;

	private final Consumer<List<Entry>> onSettled;

	private final Worker worker;

	private volatile boolean hurry;

	private volatile Work work = new Work();

	private long lastFlush = System.nanoTime();

	Settler(String name, RelayStore store, Consumer<List<Entry>> onSettled) {
		this.store = store;
		this.onSettled = onSettled;
		this.worker = new Worker(name, this);
	}

	Worker worker() {
		return this.worker;
	}

	/**
	 * Has a row deleted that the broker has acknowledged.
	 */
	void acknowledged(Entry row) {
		this.work.acknowledged.add(row);
	}

	/**
	 * Starts the deletion of what has been acknowledged.
	 */
	void flush() {
		if (!this.work.acknowledged.isEmpty()) {
			this.worker.signal();
		}
	}

	/**
	 * Has something else written about an event. Repeated until it does not throw.
	 */
	void record(OutboxRecord event, Runnable write) {
		this.work.records.add(new Note(event, write));
		this.worker.signal();
	}

	/**
	 * Stops gathering: what has been acknowledged is deleted at once.
	 */
	void hurry() {
		this.hurry = true;
		this.worker.signal();
	}

	/**
	 * Drops what has not been written: the rows will be read, and sent, again.
	 */
	void forgetAll() {
		this.work = new Work();
	}

	@Override
	public long turn() {
		Work current = this.work;
		long untilRecords = record(current);
		if (current.batch.isEmpty()) {
			long wait = this.lastFlush + GATHER - System.nanoTime();
			if (wait > 0 && !this.hurry && current.acknowledged.size() < BATCH / 4) {
				return Math.min(untilRecords, current.acknowledged.isEmpty() ? Long.MAX_VALUE : wait);
			}
			current.acknowledged.drainTo(current.batch, BATCH);
		}
		if (current.batch.isEmpty()) {
			return untilRecords;
		}
		this.lastFlush = System.nanoTime();
		List<EventRef> refs = new ArrayList<>(current.batch.size());
		current.batch.forEach((entry) -> refs.add(entry.row().ref()));
		this.store.settle(refs);
		this.onSettled.accept(List.copyOf(current.batch));
		current.batch.clear();
		return 0;
	}

	/**
	 * Writes what is not an acknowledgement. What the database refuses goes to the end
	 * and waits, and so does its key; all others go on.
	 * @return how long to wait before there is something to write again
	 */
	private long record(Work current) {
		long pause = current.recordsNotBefore - System.nanoTime();
		if (current.records.isEmpty()) {
			return Long.MAX_VALUE;
		}
		if (pause > 0) {
			return pause;
		}
		for (Note note = current.records.peek(); note != null; note = current.records.peek()) {
			try {
				note.write().run();
				current.records.remove();
			}
			catch (OutboxException ex) {
				LogFields.add(logger.atWarn(), note.event())
					.setCause(ex)
					.log("What has become of event {} could not be written; it is tried again in {} ms, its key"
							+ " waits, and all others go on", note.event().id(), REFUSED_PAUSE.toMillis());
				current.records.add(note);
				current.records.remove();
				current.recordsNotBefore = System.nanoTime() + REFUSED_PAUSE.toNanos();
				return REFUSED_PAUSE.toNanos();
			}
		}
		return Long.MAX_VALUE;
	}

	private record Note(OutboxRecord event, Runnable write) {
	}

	/**
	 * What is to be written, unless it is forgotten as a whole.
	 */
	private static final class Work {

		private final BlockingQueue<Entry> acknowledged = new LinkedBlockingQueue<>();

		private final Queue<Note> records = new ConcurrentLinkedQueue<>();

		private final List<Entry> batch = new ArrayList<>();

		private long recordsNotBefore = System.nanoTime();

	}

}
