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

package dev.outbox.actuate;

import java.util.Map;
import java.util.function.Supplier;

import dev.outbox.deadletter.BulkChanges;
import dev.outbox.deadletter.DeadLetters;
import dev.outbox.doctor.Doctor;
import dev.outbox.store.AuditStore;
import dev.outbox.store.ClusterStore;
import dev.outbox.store.HoldStore;

/**
 * What operators see and change of one outbox.
 *
 * @param letters events that were given up
 * @param bulk changes of many of them
 * @param holds what is held back
 * @param audit what was changed
 * @param cluster all instances
 * @param instance what this instance says of itself, free of secrets
 * @param doctor what is wrong around it
 */
public record OperatedOutbox(DeadLetters letters, BulkChanges bulk, HoldStore holds, AuditStore audit,
		ClusterStore cluster, Supplier<Map<String, Object>> instance, Doctor doctor) {

}
