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

package dev.outbox.actuate;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import dev.outbox.relay.BacklogMonitor;
import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogStore;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

class OutboxHealthIndicatorTests {

	private static final Duration DEADLINE = Duration.ofSeconds(60);

	@Test
	void isDownWithTheReasonWhileTheStoreCannotBeReached() {
		AtomicReference<BacklogStore> store = new AtomicReference<>((fromSeq) -> {
			throw new IllegalStateException("connection refused");
		});
		try (BacklogMonitor monitor = new BacklogMonitor((fromSeq) -> store.get().measure(fromSeq), () -> 0,
				Duration.ofMillis(5))) {
			OutboxHealthIndicator indicator = indicator(monitor, HealthOutcome.UP);
			assertThat(indicator.health().getStatus()).isEqualTo(Status.UNKNOWN);
			monitor.start();
			Health down = await(indicator, Status.DOWN);
			assertThat(down.getDetails()).hasEntrySatisfying("store",
					(reason) -> assertThat(reason).asString().contains("connection refused"));
			store.set((fromSeq) -> new Backlog(3, Duration.ofSeconds(2), 1, 0));
			assertThat(await(indicator, Status.UP).getDetails()).containsEntry("waiting", 3L)
				.containsEntry("relay", "disabled");
		}
	}

	@Test
	void eventsThatAreTooLateAreWhatTheSettingsSay() {
		BacklogStore store = (fromSeq) -> new Backlog(3, Duration.ofMinutes(11), 0, 0);
		try (BacklogMonitor monitor = new BacklogMonitor(store, () -> 0, Duration.ofMillis(5))) {
			OutboxHealthIndicator indicator = indicator(monitor, HealthOutcome.OUT_OF_SERVICE);
			monitor.start();
			assertThat(await(indicator, Status.OUT_OF_SERVICE).getDetails()).hasEntrySatisfying("reasons",
					(reasons) -> assertThat(reasons).asString().contains("PT11M", "outbox.health.max-oldest-age"));
		}
	}

	private static OutboxHealthIndicator indicator(BacklogMonitor monitor, HealthOutcome tooLate) {
		return new OutboxHealthIndicator(monitor, null, () -> 0, new HealthSettings(DEADLINE, HealthOutcome.UP,
				Duration.ofMinutes(10), tooLate, Duration.ofMinutes(5), HealthOutcome.UP));
	}

	private static Health await(OutboxHealthIndicator indicator, Status status) {
		return Awaitility.await()
			.atMost(DEADLINE)
			.until(indicator::health, (health) -> health.getStatus().equals(status));
	}

}
