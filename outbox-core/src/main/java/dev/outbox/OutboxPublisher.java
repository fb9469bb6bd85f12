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

package dev.outbox;

import java.util.List;
import java.util.UUID;

/**
 * Publishes events as part of the caller's database transaction.
 * <p>
 * An event is stored when the transaction commits and delivered to the broker soon after;
 * when the transaction rolls back there is no event. All methods must be called inside a
 * transaction of the outbox's database (unless
 * {@code outbox.write.require-transaction=false}, which gives each call outside of one a
 * transaction of its own). They validate, route and serialize at once, so that a bad
 * event fails the business operation; the row is written just before the commit, in one
 * statement with all other events of the transaction.
 * <p>
 * Events with the same key are delivered in the order in which they were stored. For that
 * order to be the order of the business changes, writers of one key have to serialise
 * before they commit, by a row lock or a version check on the aggregate.
 * <p>
 * Implementations are thread-safe.
 */
public interface OutboxPublisher {

	/**
	 * Publishes one event: an object whose class is annotated with {@link OutboxEvent} or
	 * otherwise routed, or an {@link OutboxMessage}.
	 * @param event the event
	 * @return the event's id, a UUIDv7 that travels with it so that consumers can
	 * recognise duplicates
	 * @throws OutboxException if there is no suitable transaction, no route, or no way to
	 * serialize the event; nothing has been stored then
	 */
	UUID publish(Object event);

	/**
	 * Publishes one message whose fields have been set by hand.
	 * @param message the message
	 * @return the event's id; the id of the first event if the message carries an
	 * idempotency key that has been used before
	 * @throws OutboxException as for {@link #publish(Object)}
	 */
	UUID publish(OutboxMessage message);

	/**
	 * Publishes several events, all or none. The iterable is iterated once.
	 * @param events event objects and messages, in the order in which they are to be
	 * stored
	 * @return the ids, in the same order
	 * @throws OutboxException as for {@link #publish(Object)}; none of the events has
	 * been stored then
	 */
	List<UUID> publishAll(Iterable<?> events);

}
