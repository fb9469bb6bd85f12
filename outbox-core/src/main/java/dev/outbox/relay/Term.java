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

import java.util.UUID;

/**
 * The time during which this instance holds one lease. The identity of an instance is
 * never used again after its lease was lost.
 */
final class Term {

	private final UUID instance;

	private volatile long deadline;

	Term(UUID instance, long deadline) {
		this.instance = instance;
		this.deadline = deadline;
	}

	UUID instance() {
		return this.instance;
	}

	/**
	 * Extends the time during which this instance may send.
	 * @param deadline the new end, on the monotonic clock
	 */
	void extend(long deadline) {
		this.deadline = deadline;
	}

	/**
	 * Returns whether nobody else can have taken this instance's partitions.
	 */
	boolean isValid() {
		return this.deadline - System.nanoTime() > 0;
	}

}
