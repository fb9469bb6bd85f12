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
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import dev.outbox.transport.Delivery;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to send an entry. An answer that comes after the relay has stopped waiting
 * belongs to an attempt that is not the entry's any more, and is ignored.
 */
final class Attempt implements Delivery {

	private final Entry entry;

	private final OutboxRecord record;

	private final long startedAt;

	private long answeredAt;

	private final Memory home;

	private final Consumer<Attempt> sink;

	private final AtomicReference<@Nullable SendResult> result = new AtomicReference<>();

	Attempt(Entry entry, long startedAt, Memory home, Consumer<Attempt> sink) {
		this.home = home;
		this.entry = entry;
		this.record = entry.row().event();
		this.startedAt = startedAt;
		this.sink = sink;
	}

	@Override
	public OutboxRecord record() {
		return this.record;
	}

	@Override
	public void complete(SendResult result) {
		long now = System.nanoTime();
		if (this.result.compareAndSet(null, result)) {
			this.answeredAt = now;
			this.sink.accept(this);
		}
	}

	Entry entry() {
		return this.entry;
	}

	long startedAt() {
		return this.startedAt;
	}

	/**
	 * Returns how long the transport took to answer.
	 */
	Duration took() {
		return Duration.ofNanos(Math.max(0, this.answeredAt - this.startedAt));
	}

	@Nullable SendResult result() {
		return this.result.get();
	}

	/**
	 * Returns whether somebody still waits for the answer.
	 * @param memory what the lane has in memory
	 */
	boolean isAwaited(Memory memory) {
		return this.home == memory && this.entry.attempt() == this;
	}

}
