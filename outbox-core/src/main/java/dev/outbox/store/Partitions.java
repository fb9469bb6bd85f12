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

package dev.outbox.store;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Assigns events to partitions. The assignment is data format: it must be the same in
 * every version and every process, for rows wait in the table with it.
 */
public final class Partitions {

	private final int count;

	/**
	 * Creates the assignment for a number of partitions.
	 * @param count how many partitions there are, between 1 and 1024
	 */
	public Partitions(int count) {
		if (count < 1 || count > 1024) {
			throw new IllegalArgumentException("outbox.relay.partitions must be between 1 and 1024, but is " + count);
		}
		this.count = count;
	}

	/**
	 * Returns how many partitions there are.
	 * @return the number
	 */
	public int count() {
		return this.count;
	}

	/**
	 * Returns the partition of an event.
	 * @param key the event's key: all events of one key share a partition
	 * @param id the event's id, which spreads the events that have no key
	 * @return the partition, from 0
	 */
	public int partitionOf(@Nullable String key, UUID id) {
		int hash = (key != null) ? murmur3(key.getBytes(StandardCharsets.UTF_8))
				: Long.hashCode(id.getLeastSignificantBits() * 0x9E3779B97F4A7C15L);
		return Math.floorMod(hash, this.count);
	}

	/**
	 * Murmur3, 32 bits, x86 variant, seed 0.
	 */
	static int murmur3(byte[] data) {
		int hash = 0;
		int blocks = data.length & ~3;
		for (int i = 0; i < blocks; i += 4) {
			int k = (data[i] & 0xff) | (data[i + 1] & 0xff) << 8 | (data[i + 2] & 0xff) << 16 | data[i + 3] << 24;
			hash ^= scramble(k);
			hash = Integer.rotateLeft(hash, 13) * 5 + 0xe6546b64;
		}
		int tail = 0;
		for (int i = data.length - 1; i >= blocks; i--) {
			tail = tail << 8 | (data[i] & 0xff);
		}
		hash ^= scramble(tail) ^ data.length;
		hash = (hash ^ hash >>> 16) * 0x85ebca6b;
		hash = (hash ^ hash >>> 13) * 0xc2b2ae35;
		return hash ^ hash >>> 16;
	}

	private static int scramble(int k) {
		return Integer.rotateLeft(k * 0xcc9e2d51, 15) * 0x1b873593;
	}

}
