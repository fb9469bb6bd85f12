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

package dev.outbox.listener;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

import static org.assertj.core.api.Assertions.assertThat;

class OutboxListenersTests {

	private static final OutboxRecord EVENT = new OutboxRecord(new UUID(0, 1), null, null, null, "order.placed", 1,
			new Destination("kafka", "orders"), Map.of(), "text/plain", Map.of(), new byte[0], Instant.EPOCH);

	private final List<String> told = new ArrayList<>();

	@Test
	void tellsEveryListenerAlthoughOneFails() {
		OutboxListeners listeners = new OutboxListeners(List.of(new Failing(), new Recording(), new Recording()));
		SendResult result = SendResult.acknowledged(EVENT, Instant.EPOCH, null);
		listeners.onStored(List.of(EVENT));
		listeners.onPublished(EVENT, result);
		listeners.onRetry(EVENT, result, 1, Duration.ZERO);
		listeners.onDead(EVENT, "why", 1);
		listeners.onOwnershipChanged("kafka", Set.of());
		assertThat(this.told).containsExactly("stored", "stored", "published", "published", "retry", "retry", "dead",
				"dead", "ownership", "ownership");
	}

	@Test
	void whatListenersLogAboutAFailureNamesTheEvent() {
		List<Map<String, String>> seen = new ArrayList<>();
		OutboxListeners listeners = new OutboxListeners(List.of(new Failing(), new OutboxListener() {
			@Override
			public void onRetry(OutboxRecord event, SendResult result, int attempts, Duration retryIn) {
				seen.add(MDC.getCopyOfContextMap());
			}

			@Override
			public void onDead(OutboxRecord event, String error, int attempts) {
				seen.add(MDC.getCopyOfContextMap());
			}

			@Override
			public void onForwarded(OutboxRecord event, ForwardOutcome outcome) {
				seen.add(MDC.getCopyOfContextMap());
			}
		}));
		listeners.onRetry(EVENT, SendResult.acknowledged(EVENT, Instant.EPOCH, null), 1, Duration.ZERO);
		listeners.onDead(EVENT, "why", 1);
		listeners.onForwarded(EVENT, ForwardOutcome.FORWARDED);
		assertThat(seen).hasSize(3)
			.allSatisfy((context) -> assertThat(context)
				.containsExactlyInAnyOrderEntriesOf(Map.of("event_id", EVENT.id().toString(), "event_type",
						"order.placed", "destination", "orders", "transport", "kafka")));
		assertThat(MDC.get("event_id")).isNull();
	}

	@Test
	void whatAnAlertLogsNamesTheEvent() {
		CompletableFuture<Map<String, String>> seen = new CompletableFuture<>();
		try (DeadLetterAlerts alerts = new DeadLetterAlerts(
				() -> List.of((dead, leftOut) -> seen.complete(MDC.getCopyOfContextMap())))) {
			alerts.onDead(EVENT, "why", 1);
			assertThat(seen).succeedsWithin(Duration.ofSeconds(30))
				.satisfies((context) -> assertThat(context).containsEntry("event_id", EVENT.id().toString())
					.containsEntry("event_type", "order.placed"));
		}
	}

	private static final class Failing implements OutboxListener {

		@Override
		public void onStored(List<OutboxRecord> events) {
			throw new IllegalStateException();
		}

		@Override
		public void onPublished(OutboxRecord event, SendResult result) {
			throw new IllegalStateException();
		}

		@Override
		public void onRetry(OutboxRecord event, SendResult result, int attempts, Duration retryIn) {
			throw new IllegalStateException();
		}

		@Override
		public void onDead(OutboxRecord event, String error, int attempts) {
			throw new IllegalStateException();
		}

		@Override
		public void onOwnershipChanged(String transport, Set<Integer> partitions) {
			throw new IllegalStateException();
		}

	}

	private final class Recording implements OutboxListener {

		@Override
		public void onStored(List<OutboxRecord> events) {
			OutboxListenersTests.this.told.add("stored");
		}

		@Override
		public void onPublished(OutboxRecord event, SendResult result) {
			OutboxListenersTests.this.told.add("published");
		}

		@Override
		public void onRetry(OutboxRecord event, SendResult result, int attempts, Duration retryIn) {
			OutboxListenersTests.this.told.add("retry");
		}

		@Override
		public void onDead(OutboxRecord event, String error, int attempts) {
			OutboxListenersTests.this.told.add("dead");
		}

		@Override
		public void onOwnershipChanged(String transport, Set<Integer> partitions) {
			OutboxListenersTests.this.told.add("ownership");
		}

	}

}
