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

import java.time.Clock;
import java.util.function.BooleanSupplier;

import dev.outbox.listener.OutboxListener;
import dev.outbox.retry.RetryPolicy;
import dev.outbox.store.RelayStore;

/**
 * What all lanes share.
 *
 * @param store the rows
 * @param retries when failed events are sent again
 * @param listener who is told
 * @param settings how to work
 * @param clock for timestamps that people read; nothing is decided by it
 * @param isListening whether commits of other instances are heard of
 */
record SharedParts(RelayStore store, RetryPolicy retries, OutboxListener listener, RelaySettings settings, Clock clock,
		BooleanSupplier isListening) {

}
