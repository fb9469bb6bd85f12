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

package dev.outbox.sample.journey;

import java.time.Duration;
import java.util.List;

import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import dev.outbox.listener.OutboxListener;

import org.springframework.stereotype.Component;

/**
 * Hears from the outbox what happens to events.
 */
@Component
class JourneyListener implements OutboxListener {

	private final Journeys journeys;

	JourneyListener(Journeys journeys) {
		this.journeys = journeys;
	}

	@Override
	public void onStored(List<OutboxRecord> events) {
		events.forEach(this.journeys::stored);
	}

	@Override
	public void onPublished(OutboxRecord event, SendResult result) {
		this.journeys.published(event, result.completedAt(), result.position());
	}

	@Override
	public void onRetry(OutboxRecord event, SendResult result, int attempts, Duration retryIn) {
		this.journeys.failed(event, attempts, (result.failure() != null) ? result.failure().message() : null);
	}

	@Override
	public void onDead(OutboxRecord event, String error, int attempts) {
		this.journeys.died(event, attempts, error);
	}

}
