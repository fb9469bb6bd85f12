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

import java.time.Instant;
import java.util.UUID;

/**
 * An event that carries its own id and time. Both are used for the stored event and its
 * headers, so that they are equal wherever the event is seen. A record implements this
 * interface by components of these names.
 */
public interface IdentifiedEvent {

	/**
	 * Returns the id of the event, the same at each call.
	 * @return the id, preferably a UUIDv7
	 */
	UUID eventId();

	/**
	 * Returns when the event occurred, the same at each call.
	 * @return the time; what is below a microsecond is not stored
	 */
	Instant occurredAt();

}
