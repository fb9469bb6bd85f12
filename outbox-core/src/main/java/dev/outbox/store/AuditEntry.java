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
import java.util.UUID;

import dev.outbox.Destination;
import org.jspecify.annotations.Nullable;

/**
 * What an operator has changed. Written in the transaction of the change, so that there
 * is no change without an entry and no entry without a change.
 *
 * @param number number of the entry, ascending
 * @param at when, on the database's clock
 * @param operator who
 * @param action what
 * @param destination the destination
 * @param key the key, {@code null} if the event has none or the action is about a
 * destination
 * @param eventId id of the event, {@code null} if the action is about a destination or a
 * key
 * @param letter number of the dead letter, {@code null} like {@code eventId}
 * @param detail what else there is to know, for example the id of the repaired event
 */
public record AuditEntry(long number, Instant at, String operator, AuditAction action, Destination destination,
		@Nullable String key, @Nullable UUID eventId, @Nullable Long letter, @Nullable String detail) {

}
