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
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

import dev.outbox.LogFields;
import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells several listeners, and keeps what one of them throws from the others and from the
 * caller.
 */
public final class OutboxListeners implements OutboxListener {

	private static final Logger logger = LoggerFactory.getLogger(OutboxListeners.class);

	private final List<OutboxListener> listeners;

	/**
	 * Creates a listener that passes on what it is told.
	 * @param listeners whom to tell, in this order
	 */
	public OutboxListeners(List<? extends OutboxListener> listeners) {
		this.listeners = List.copyOf(listeners);
	}

	@Override
	public void onStored(List<OutboxRecord> events) {
		tell((listener) -> listener.onStored(events));
	}

	@Override
	public void onSend(String transport, int events) {
		tell((listener) -> listener.onSend(transport, events));
	}

	@Override
	public void onAnswered(OutboxRecord event, SendResult result, Duration took) {
		tell((listener) -> listener.onAnswered(event, result, took));
	}

	@Override
	public void onPublished(OutboxRecord event, SendResult result) {
		tell((listener) -> listener.onPublished(event, result));
	}

	@Override
	public void onRetry(OutboxRecord event, SendResult result, int attempts, Duration retryIn) {
		tell(event, (listener) -> listener.onRetry(event, result, attempts, retryIn));
	}

	@Override
	public void onDead(OutboxRecord event, String error, int attempts) {
		tell(event, (listener) -> listener.onDead(event, error, attempts));
	}

	@Override
	public void onForwarded(OutboxRecord event, ForwardOutcome outcome) {
		tell(event, (listener) -> listener.onForwarded(event, outcome));
	}

	@Override
	public void onOwnershipChanged(String transport, Set<Integer> partitions) {
		tell((listener) -> listener.onOwnershipChanged(transport, partitions));
	}

	/**
	 * What a listener logs about a failure names the event. Not for events that are
	 * published: there are too many of them.
	 */
	private void tell(OutboxRecord event, Consumer<OutboxListener> call) {
		LogFields.within(event, () -> tell(call));
	}

	private void tell(Consumer<OutboxListener> event) {
		for (OutboxListener listener : this.listeners) {
			try {
				event.accept(listener);
			}
			catch (RuntimeException ex) {
				logger.warn("Listener {} failed; the event goes its way, the other listeners are told",
						listener.getClass().getName(), ex);
			}
		}
	}

}
