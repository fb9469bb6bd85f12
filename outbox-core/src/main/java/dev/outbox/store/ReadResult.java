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

import java.util.List;

/**
 * What one step of a scan returned.
 *
 * @param events the rows, in ascending order of their sequence numbers; may contain rows
 * that an earlier step returned
 * @param next where the scan has come to
 * @param drained whether the scan has reached its end: everything that was visible up to
 * the bound has been returned by this or an earlier step
 */
public record ReadResult(List<StoredEvent> events, Position next, boolean drained) {

	public ReadResult {
		events = List.copyOf(events);
	}

}
