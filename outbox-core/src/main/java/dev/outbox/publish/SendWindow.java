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

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The messages that are on their way to one broker: bounded, and known when the sender is
 * closed. A message leaves when its outcome is known, whether or not anybody has taken
 * notice of it, so whoever waits for room does not wait for the application. Room is
 * given in the order in which it was asked for: a large message would never get any if
 * small ones went first. Thread-safe.
 */
final class SendWindow {

	private final int maxEvents;

	private final long maxBytes;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition left = this.lock.newCondition();

	private final Set<MessageSend> open = new LinkedHashSet<>();

	private final Map<MessageSend, CompletableFuture<Entry>> waiting = new LinkedHashMap<>();

	private long bytes;

	private boolean closed;

	SendWindow(int maxEvents, long maxBytes) {
		this.maxEvents = maxEvents;
		this.maxBytes = maxBytes;
	}

	/**
	 * Asks for room.
	 * @param send the message
	 * @return completed when it is known what becomes of the message: at once if there is
	 * room. Nothing may be attached that does more than wait
	 */
	CompletableFuture<Entry> enter(MessageSend send) {
		CompletableFuture<Entry> entry = new CompletableFuture<>();
		this.lock.lock();
		try {
			if (this.closed) {
				entry.complete(Entry.CLOSED);
			}
			else {
				this.waiting.put(send, entry);
				admit();
			}
		}
		finally {
			this.lock.unlock();
		}
		return entry;
	}

	/**
	 * Waits no longer for room. Has no effect on a message that is in already.
	 * @param send the message
	 * @param reason why it has no room
	 */
	void giveUp(MessageSend send, Entry reason) {
		this.lock.lock();
		try {
			CompletableFuture<Entry> entry = this.waiting.remove(send);
			if (entry != null) {
				entry.complete(reason);
				admit();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void admit() {
		Iterator<Map.Entry<MessageSend, CompletableFuture<Entry>>> next = this.waiting.entrySet().iterator();
		while (next.hasNext()) {
			Map.Entry<MessageSend, CompletableFuture<Entry>> first = next.next();
			if (!add(first.getKey())) {
				return;
			}
			next.remove();
			first.getValue().complete(Entry.IN);
		}
	}

	private boolean add(MessageSend send) {
		int size = send.record().payload().length;
		boolean room = this.open.isEmpty() || this.open.size() < this.maxEvents && this.bytes + size <= this.maxBytes;
		if (room) {
			this.open.add(send);
			this.bytes += size;
			send.afterwards(() -> leave(send, size));
		}
		return room;
	}

	private void leave(MessageSend send, int size) {
		this.lock.lock();
		try {
			this.open.remove(send);
			this.bytes -= size;
			admit();
			this.left.signalAll();
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
	 * Lets nothing more in, neither what waits.
	 */
	void close() {
		this.lock.lock();
		try {
			this.closed = true;
			this.waiting.values().forEach((entry) -> entry.complete(Entry.CLOSED));
			this.waiting.clear();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Waits until nothing is open.
	 * @param deadline how long to wait, as a value of {@link System#nanoTime()}
	 * @return what is open still
	 */
	List<MessageSend> awaitEmpty(long deadline) {
		this.lock.lock();
		try {
			long remaining = deadline - System.nanoTime();
			while (!this.open.isEmpty() && remaining > 0) {
				remaining = this.left.awaitNanos(remaining);
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

	private List<MessageSend> remaining() {
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
