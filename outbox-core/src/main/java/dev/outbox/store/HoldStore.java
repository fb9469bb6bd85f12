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

package dev.outbox.store;

import dev.outbox.Destination;

/**
 * What an operator holds back. Durable; every instance learns of it with its next
 * heartbeat. Every method runs in a transaction of its own and is idempotent. What is
 * changed is written into the audit table in the same transaction.
 */
public interface HoldStore {

	/**
	 * Pauses a destination.
	 * @param destination the destination
	 * @param operator who wants it
	 * @return {@code false} if it was paused already
	 */
	boolean pause(Destination destination, Operator operator);

	/**
	 * Resumes a destination.
	 * @param destination the destination
	 * @param operator who wants it
	 * @return {@code false} if it was not paused
	 */
	boolean resume(Destination destination, Operator operator);

	/**
	 * Lets the events of a blocked key go on without its dead head, which from then on is
	 * a dead letter like any other.
	 * @param destination the destination
	 * @param key the key
	 * @param operator who wants it
	 * @return {@code false} if the key was not blocked
	 */
	boolean unblock(Destination destination, String key, Operator operator);

}
