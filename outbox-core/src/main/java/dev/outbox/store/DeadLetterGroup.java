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

import java.time.Instant;

import dev.outbox.Destination;

/**
 * Dead letters of one cause.
 *
 * @param fingerprint fingerprint of their error
 * @param destination where they were to go
 * @param eventType their logical type
 * @param count how many there are
 * @param firstDiedAt when the first was given up
 * @param lastDiedAt when the last was given up
 * @param lastNumber number of the last one
 * @param lastError its error
 */
public record DeadLetterGroup(String fingerprint, Destination destination, String eventType, long count,
		Instant firstDiedAt, Instant lastDiedAt, long lastNumber, String lastError) {

}
