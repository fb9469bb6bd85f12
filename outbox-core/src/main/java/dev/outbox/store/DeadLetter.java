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
 * @param event the event; its payload is empty in lists
 * @param payloadSize size of the payload in bytes
 * @param attempts failed attempts
 * @param firstFailedAt when the first attempt failed, if one was recorded
 * @param diedAt when the event was given up
 * @param error why
 * @param fingerprint the same for errors of the same cause
 * @param stackTrace stack trace of the last failure, {@code null} in lists and if there
 * was none
 * @param blocksKey whether the later events of its key wait for what becomes of it
 * @param defect why the row's headers or options cannot be read, so that {@code event}
 * has none; {@code null} for all rows that the outbox has written itself
 */
public record DeadLetter(long number, long seq, int part, OutboxRecord event, int payloadSize, int attempts,
		@Nullable Instant firstFailedAt, Instant diedAt, String error, String fingerprint, @Nullable String stackTrace,
		boolean blocksKey, @Nullable String defect) {

}
