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

import dev.outbox.OutboxRecord;
import org.jspecify.annotations.Nullable;

/**
 * An event that was given up.
 *
 * @param number number of the dead letter, ascending
 * @param seq sequence number that the event had
 * @param part partition
 * @param event the event, with its payload
 * @param attempts failed attempts
 * @param firstFailedAt when the first attempt failed, if one was recorded
 * @param diedAt when the event was given up
 * @param error why
 */
public record DeadLetter(long number, long seq, int part, OutboxRecord event, int attempts,
		@Nullable Instant firstFailedAt, Instant diedAt, String error) {

}
