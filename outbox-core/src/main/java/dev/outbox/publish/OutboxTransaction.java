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

package dev.outbox.publish;

import java.util.List;
import java.util.UUID;

import dev.outbox.OutboxPublisher;

/**
 * A running transaction of an {@link OutboxTemplate}. Valid only while the callback runs,
 * and only on its thread.
 */
public interface OutboxTransaction {

	/**
	 * Publishes an event in this transaction, like
	 * {@link OutboxPublisher#publish(Object)}.
	 * @param event the event or message
	 * @return its id
	 */
	UUID publish(Object event);

	/**
	 * Publishes events in this transaction, like {@link OutboxPublisher#publishAll}.
	 * @param events the events and messages
	 * @return their ids
	 */
	List<UUID> publishAll(Iterable<?> events);

	/**
	 * Lets the transaction roll back when the callback returns, without an exception.
	 */
	void setRollbackOnly();

}
