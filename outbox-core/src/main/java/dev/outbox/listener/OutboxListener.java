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

import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;

/**
 * Is told what happens to events. All methods do nothing by default.
 * <p>
 * They are called on the threads that do the work: an implementation must return quickly
 * and must not call back into the outbox. What it throws is logged and otherwise ignored.
 * The payload of a record may have been released already.
 */
public interface OutboxListener {

	/**
	 * Events have been committed together with the business transaction.
	 * @param events the events
	 */
	default void onStored(List<OutboxRecord> events) {
	}

	/**
	 * Events are handed to a transport at once.
	 * @param transport name of the transport
	 * @param events how many
	 */
	default void onSend(String transport, int events) {
	}

	/**
	 * An attempt to send an event is over, whether or not it has succeeded. Called at
	 * most once for each attempt, before what follows from it is reported; not at all if
	 * the lease was lost meanwhile.
	 * @param event the event
	 * @param result the outcome
	 * @param took how long the transport took to answer
	 */
	default void onAnswered(OutboxRecord event, SendResult result, Duration took) {
	}

	/**
	 * The broker has acknowledged an event.
	 * @param event the event
	 * @param result the outcome
	 */
	default void onPublished(OutboxRecord event, SendResult result) {
	}

	/**
	 * An event could not be sent and will be sent again.
	 * @param event the event
	 * @param result the outcome
	 * @param attempts how many attempts have failed
	 * @param retryIn how long the event waits; zero if it waits for its destination
	 */
	default void onRetry(OutboxRecord event, SendResult result, int attempts, Duration retryIn) {
	}

	/**
	 * An event has been moved to the dead letters.
	 * @param event the event
	 * @param error why
	 * @param attempts how many attempts have failed
	 */
	default void onDead(OutboxRecord event, String error, int attempts) {
	}

	/**
	 * It was tried to forward a dead letter to the dead-letter topic.
	 * @param event the event that is dead
	 * @param outcome what has become of it
	 */
	default void onForwarded(OutboxRecord event, ForwardOutcome outcome) {
	}

	/**
	 * This instance has gained or lost partitions.
	 * @param transport name of the transport
	 * @param partitions the partitions that it owns now
	 */
	default void onOwnershipChanged(String transport, Set<Integer> partitions) {
	}

}
