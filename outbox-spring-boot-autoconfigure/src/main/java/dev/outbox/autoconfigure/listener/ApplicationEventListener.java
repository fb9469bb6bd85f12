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

package dev.outbox.autoconfigure.listener;

import java.time.Duration;

import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import dev.outbox.autoconfigure.ApplicationEvents;
import dev.outbox.listener.OutboxEventDead;
import dev.outbox.listener.OutboxEventFailed;
import dev.outbox.listener.OutboxEventPublished;
import dev.outbox.listener.OutboxListener;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes what happens as application events, on the thread that does the work.
 */
final class ApplicationEventListener implements OutboxListener {

	private final ApplicationEventPublisher publisher;

	private final ApplicationEvents which;

	ApplicationEventListener(ApplicationEventPublisher publisher, ApplicationEvents which) {
		this.publisher = publisher;
		this.which = which;
	}

	@Override
	public void onPublished(OutboxRecord event, SendResult result) {
		if (this.which == ApplicationEvents.ALL) {
			this.publisher.publishEvent(new OutboxEventPublished(event, result));
		}
	}

	@Override
	public void onRetry(OutboxRecord event, SendResult result, int attempts, Duration retryIn) {
		if (this.which != ApplicationEvents.NONE) {
			this.publisher.publishEvent(new OutboxEventFailed(event, result, attempts, retryIn));
		}
	}

	@Override
	public void onDead(OutboxRecord event, String error, int attempts) {
		if (this.which != ApplicationEvents.NONE) {
			this.publisher.publishEvent(new OutboxEventDead(event, error, attempts));
		}
	}

}
