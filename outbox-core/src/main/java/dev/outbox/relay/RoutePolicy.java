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

import dev.outbox.OutboxRecord;

/**
 * What the relay has to know about an event's route.
 */
public interface RoutePolicy {

	/**
	 * Returns how far the event waits for others of its key.
	 * @param event the event
	 * @return the ordering, the same for all events of a key on a destination
	 */
	Ordering ordering(OutboxRecord event);

	/**
	 * Returns whether the later events of the key wait for an operator when this one is
	 * given up.
	 * @param event the event
	 * @return {@code false} if the key goes on
	 */
	boolean blocksKeyWhenDead(OutboxRecord event);

	/**
	 * Returns the policy that treats all events alike.
	 * @param ordering the ordering
	 * @param blockKeyWhenDead whether a dead letter blocks its key
	 * @return the policy
	 */
	static RoutePolicy uniform(Ordering ordering, boolean blockKeyWhenDead) {
		return new RoutePolicy() {

			@Override
			public Ordering ordering(OutboxRecord event) {
				return ordering;
			}

			@Override
			public boolean blocksKeyWhenDead(OutboxRecord event) {
				return blockKeyWhenDead;
			}

		};
	}

}
