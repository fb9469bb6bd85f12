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

package dev.outbox.it.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import dev.outbox.it.crash.CrashLedger.RollBackException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that write. The first of them keeps its transactions open after its events
 * have got their numbers, so that others overtake it.
 */
final class CrashWriters {

	static final int KEYS = 60;

	static final int POISON_KEYS = 4;

	private static final Logger log = LoggerFactory.getLogger(CrashWriters.class);

	private final CrashLedger ledger;

	private final Duration pause;

	private final Duration longest;

	private final List<Thread> threads = new ArrayList<>();

	private volatile boolean stopped;

	CrashWriters(CrashLedger ledger, int count, Duration pause, Duration longest) {
		this.ledger = ledger;
		this.pause = pause;
		this.longest = longest;
		for (int writer = 0; writer < count; writer++) {
			boolean slow = writer == 0;
			this.threads.add(new Thread(() -> write(slow), "writer-" + writer));
		}
	}

	static Stream<String> keys() {
		List<String> keys = new ArrayList<>();
		for (int key = 0; key < KEYS; key++) {
			keys.add("key-" + key);
		}
		for (int key = 0; key < POISON_KEYS; key++) {
			keys.add(FaultyTransport.POISON_PREFIX + key);
		}
		return keys.stream();
	}

	void start() {
		this.threads.forEach(Thread::start);
	}

	void stop() throws InterruptedException {
		this.stopped = true;
		for (Thread thread : this.threads) {
			thread.join();
		}
	}

	private void write(boolean slow) {
		List<String> keys = keys().toList();
		Random random = ThreadLocalRandom.current();
		while (!this.stopped) {
			List<String> some = random.ints(1 + random.nextInt(4), 0, keys.size())
				.mapToObj(keys::get)
				.flatMap((key) -> Stream.generate(() -> key).limit(random.nextInt(4) == 0 ? 3 : 1))
				.sorted()
				.toList();
			Duration holdOpen = slow
					? this.longest.dividedBy(7).plus(this.longest.multipliedBy(random.nextInt(6)).dividedBy(7))
					: Duration.ZERO;
			try {
				this.ledger.count(some, holdOpen, random.nextInt(10) == 0);
			}
			catch (RollBackException expected) {
				log.trace("Rolled back as intended");
			}
			catch (RuntimeException ex) {
				log.info("A transaction failed: {}", ex.toString());
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
			}
			LockSupport.parkNanos(this.pause.toNanos());
		}
	}

}
