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

package dev.outbox.lab;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Consumes a topic or queue, and knows what has arrived since it was opened.
 */
abstract class Arrivals implements AutoCloseable {

	private final Ledger ledger = new Ledger();

	final Ledger ledger() {
		return this.ledger;
	}

	/**
	 * Wait until so many different events have arrived.
	 * @param events how many
	 * @param limit how long to wait
	 * @return whether they have
	 */
	final boolean await(long events, Duration limit) {
		long deadline = System.nanoTime() + limit.toNanos();
		while (ledger().distinct() < events) {
			if (System.nanoTime() > deadline || Thread.currentThread().isInterrupted()) {
				return false;
			}
			LockSupport.parkNanos(1_000_000);
		}
		return true;
	}

	@Override
	public abstract void close();

}
