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

import java.time.Instant;

import dev.outbox.OutboxRecord;
import org.jspecify.annotations.Nullable;

/**
 * An event that has been validated, routed and serialized, but neither stored nor sent.
 *
 * @param record the event
 * @param deliverAt when it becomes due, or {@code null} if it is due at once
 * @param idempotencyKey key that makes sure it is stored once, if it has one
 */
public record PreparedEvent(OutboxRecord record, @Nullable Instant deliverAt, @Nullable String idempotencyKey) {

}
