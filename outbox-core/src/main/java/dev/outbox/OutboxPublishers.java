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

import java.util.Set;

/**
 * The publishers of an application that has several outboxes, by name. An outbox that is
 * known where the code is written is injected instead, as an {@link OutboxPublisher} with
 * the qualifier of its name; this is for one that is only known when the event occurs,
 * for example that of a tenant.
 */
public interface OutboxPublishers {

	/**
	 * Returns the publisher of an outbox.
	 * @param name name of the outbox
	 * @return its publisher, the same one at each call
	 * @throws IllegalArgumentException if there is no outbox of this name
	 */
	OutboxPublisher get(String name);

	/**
	 * Returns the names of all outboxes.
	 * @return the names, in ascending order
	 */
	Set<String> names();

}
