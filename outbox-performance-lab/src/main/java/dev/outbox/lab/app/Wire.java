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

package dev.outbox.lab.app;

import java.nio.charset.StandardCharsets;

/**
 * How an event is written as text, and read again from what arrives.
 */
public final class Wire {

	private Wire() {
	}

	/**
	 * Write an event.
	 * @param topic where to
	 * @param key number of the key
	 * @param number number of the event within its key, from 0
	 * @param micros time from which the latency counts, in microseconds, 0 for none
	 * @param filler what follows
	 * @return the event
	 */
	public static LabEvent event(String topic, int key, int number, long micros, String filler) {
		return new LabEvent(topic, "key-" + key, key + ":" + number + ":" + micros + ":" + filler);
	}

	/**
	 * Return what fills an event up to a size.
	 * @param bytes the size that an event should have
	 * @return letters and digits
	 */
	public static String filler(int bytes) {
		String pattern = "the quick brown fox jumps over 13 lazy dogs and ";
		int size = Math.max(0, bytes - 24);
		return pattern.repeat(size / pattern.length() + 1).substring(0, size);
	}

	/**
	 * Read what arrived.
	 * @param value the bytes
	 * @return the numbers at its beginning
	 */
	public static Parsed parse(byte[] value) {
		int[] colons = new int[3];
		int found = 0;
		// A peer that writes JSON puts a quote before it.
		int start = (value.length > 0 && value[0] == '"') ? 1 : 0;
		for (int at = start; at < value.length && found < 3; at++) {
			if (value[at] == ':') {
				colons[found++] = at;
			}
		}
		if (found < 3) {
			throw new IllegalArgumentException("Not an event of the lab: "
					+ new String(value, 0, Math.min(60, value.length), StandardCharsets.UTF_8));
		}
		return new Parsed((int) number(value, start, colons[0]), (int) number(value, colons[0] + 1, colons[1]),
				number(value, colons[1] + 1, colons[2]));
	}

	private static long number(byte[] value, int from, int to) {
		long number = 0;
		for (int at = from; at < to; at++) {
			number = 10 * number + (value[at] - '0');
		}
		return number;
	}

	/**
	 * What stands at the beginning of an event.
	 *
	 * @param key number of the key
	 * @param number number of the event within its key
	 * @param micros time from which the latency counts
	 */
	public record Parsed(int key, int number, long micros) {
	}

}
