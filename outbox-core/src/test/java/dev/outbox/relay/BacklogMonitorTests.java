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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

class BacklogMonitorTests {

	private static final Backlog BACKLOG = new Backlog(3, Duration.ofSeconds(2), 1, 0);

	private final AtomicInteger measurements = new AtomicInteger();

	private final AtomicReference<BacklogStore> store = new AtomicReference<>((fromSeq) -> BACKLOG);

	private final BacklogMonitor monitor = new BacklogMonitor((fromSeq) -> {
		this.measurements.incrementAndGet();
		return this.store.get().measure(fromSeq);
	}, () -> 42, Duration.ofMillis(5));

	@AfterEach
	void close() {
		this.monitor.close();
	}

	@Test
	void knowsNothingBeforeTheFirstMeasurement() {
		assertThat(this.monitor.latest()).isEqualTo(new BacklogMonitor.Reading(null, null));
	}

	@Test
	void measuresFromTheRowItIsTold() {
		AtomicReference<Long> from = new AtomicReference<>();
		this.store.set((fromSeq) -> {
			from.set(fromSeq);
			return BACKLOG;
		});
		this.monitor.start();
		await().untilAsserted(() -> assertThat(this.monitor.latest().backlog()).isEqualTo(BACKLOG));
		assertThat(from).hasValue(42L);
	}

	@Test
	void readingItMeasuresNothing() {
		CountDownLatch measuring = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		this.store.set((fromSeq) -> {
			measuring.countDown();
			awaitQuietly(goOn);
			return BACKLOG;
		});
		this.monitor.start();
		awaitQuietly(measuring);
		for (int i = 0; i < 100; i++) {
			assertThat(this.monitor.latest().backlog()).isNull();
		}
		assertThat(this.measurements).hasValue(1);
		goOn.countDown();
	}

	@Test
	void goesOnAfterTheDatabaseCouldNotBeAsked() {
		this.store.set((fromSeq) -> {
			throw new IllegalStateException("no connection");
		});
		this.monitor.start();
		await().untilAsserted(() -> assertThat(this.monitor.latest().error()).contains("no connection"));
		assertThat(this.monitor.latest().backlog()).isNull();
		this.store.set((fromSeq) -> BACKLOG);
		await().untilAsserted(
				() -> assertThat(this.monitor.latest()).isEqualTo(new BacklogMonitor.Reading(BACKLOG, null)));
	}

	@Test
	void survivesAnError() {
		this.store.set((fromSeq) -> {
			throw new AssertionError("not an exception");
		});
		this.monitor.start();
		await().until(() -> this.measurements.get() > 3);
		assertThat(this.monitor.latest().error()).contains("not an exception");
	}

	@Test
	void canBeStartedAgain() {
		this.monitor.start();
		this.monitor.start();
		await().until(() -> this.measurements.get() > 1);
		this.monitor.close();
		this.monitor.close();
		int measured = this.measurements.get();
		this.monitor.start();
		await().until(() -> this.measurements.get() > measured + 1);
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
