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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The messages that are on their way to the broker: bounded, and known when the sender is
 * closed. A message leaves when its outcome is known, whether or not anybody has taken
 * notice of it, so whoever waits for room does not wait for the application. Thread-safe.
 */
final class SendWindow {

	private final int maxEvents;

	private final long maxBytes;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Set<OpenSend> open = new LinkedHashSet<>();

	private long bytes;

	private boolean closed;

	SendWindow(int maxEvents, long maxBytes) {
		this.maxEvents = maxEvents;
		this.maxBytes = maxBytes;
	}

	/**
	 * Lets a message in if there is room.
	 */
	boolean tryEnter(OpenSend send) {
		this.lock.lock();
		try {
			return !this.closed && add(send);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits for room.
	 * @param send the message
	 * @param deadline how long to wait, as a value of {@link System#nanoTime()}
	 * @return what has become of it
	 */
	Entry enter(OpenSend send, long deadline) {
		this.lock.lock();
		try {
			while (!this.closed) {
				if (add(send)) {
					return Entry.IN;
				}
				if (this.changed.awaitNanos(deadline - System.nanoTime()) <= 0) {
					return Entry.FULL;
				}
			}
			return Entry.CLOSED;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Entry.INTERRUPTED;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean add(OpenSend send) {
		int size = send.record().payload().length;
		boolean room = this.open.isEmpty() || this.open.size() < this.maxEvents && this.bytes + size <= this.maxBytes;
		if (room) {
			this.open.add(send);
			this.bytes += size;
			send.afterwards(() -> leave(send, size));
		}
		return room;
	}

	private void leave(OpenSend send, int size) {
		this.lock.lock();
		try {
			this.open.remove(send);
			this.bytes -= size;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean isClosed() {
		this.lock.lock();
		try {
			return this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

	void open() {
		this.lock.lock();
		try {
			this.closed = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Lets nothing more in, and waits for what is open.
	 * @param patience how long to wait
	 * @return what is open still
	 */
	List<OpenSend> close(Duration patience) {
		this.lock.lock();
		try {
			this.closed = true;
			this.changed.signalAll();
			long remaining = patience.toNanos();
			while (!this.open.isEmpty() && remaining > 0) {
				remaining = this.changed.awaitNanos(remaining);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.lock.unlock();
		}
		return remaining();
	}

	private List<OpenSend> remaining() {
		this.lock.lock();
		try {
			return List.copyOf(this.open);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * What has become of a message that was to be let in.
	 */
	enum Entry {

		/** It is in. */
		IN,

		/** There was no room in time. */
		FULL,

		/** The sender has been closed. */
		CLOSED,

		/** The thread that waited was interrupted. */
		INTERRUPTED

	}

}
