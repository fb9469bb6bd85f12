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

import java.util.HashMap;
import java.util.Map;

/**
 * The rows in memory, by sequence number, and how much room there is for more. A row that
 * is here is not taken from a read a second time.
 */
final class Window {

	private final int maxEvents;

	private final long maxBytes;

	private final Map<Long, Entry> entries = new HashMap<>();

	private long bytes;

	Window(int maxEvents, long maxBytes) {
		this.maxEvents = maxEvents;
		this.maxBytes = maxBytes;
	}

	boolean contains(long seq) {
		return this.entries.containsKey(seq);
	}

	void add(Entry entry) {
		this.entries.put(entry.row().seq(), entry);
		this.bytes += entry.row().payloadSize();
	}

	/**
	 * Takes a row out.
	 * @return whether it was in
	 */
	boolean remove(Entry entry) {
		if (!this.entries.remove(entry.row().seq(), entry)) {
			return false;
		}
		this.bytes -= entry.row().payloadSize();
		entry.state(Entry.State.GONE);
		return true;
	}

	int size() {
		return this.entries.size();
	}

	long bytes() {
		return this.bytes;
	}

	int maxEvents() {
		return this.maxEvents;
	}

	int freeEvents() {
		return (this.bytes >= this.maxBytes) ? 0 : Math.max(0, this.maxEvents - this.entries.size());
	}

	long freeBytes() {
		return this.maxBytes - this.bytes;
	}

	/**
	 * Returns the lowest sequence number in memory, or 0 if there is none.
	 */
	long lowest() {
		long lowest = Long.MAX_VALUE;
		for (long seq : this.entries.keySet()) {
			lowest = Math.min(lowest, seq);
		}
		return (lowest == Long.MAX_VALUE) ? 0 : lowest;
	}

	Iterable<Entry> all() {
		return this.entries.values();
	}

}
