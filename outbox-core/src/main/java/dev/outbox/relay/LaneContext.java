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
import java.util.function.Consumer;

import dev.outbox.listener.OutboxListener;
import dev.outbox.retry.RetryPolicy;
import dev.outbox.store.RelayStore;
import dev.outbox.transport.OutboxTransport;

/**
 * What the parts of a lane share. Of these only {@link #post} may be called by other
 * threads than the lane's.
 */
interface LaneContext {

	RelayStore store();

	Reads reads();

	OutboxTransport transport();

	RetryPolicy retries();

	RelaySettings settings();

	Settler settler();

	Clock clock();

	Term term();

	/**
	 * Leaves a message: something to do on the lane's thread, unless the term has ended.
	 */
	void post(Runnable message);

	/**
	 * Events are sent again although the broker may have them.
	 */
	void duplicatesPossible(int events);

	void tell(Consumer<OutboxListener> event);

}
