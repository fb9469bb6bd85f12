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

package dev.outbox.it.crash;

import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * A record that lies in a topic or queue.
 *
 * @param key key of the record
 * @param n number of the event within its key, {@value #UNKNOWN} if it was not known yet
 * when the event was written
 * @param id id of the event
 * @param partition partition of the topic, or the queue
 * @param offset place in it
 * @param reportedAsFailed whether the fault injection reported this very send as failed
 * although it was delivered, so that the event must appear again
 */
record Observed(String key, long n, UUID id, int partition, long offset, boolean reportedAsFailed) {

	static final long UNKNOWN = 0;

	static final String ID = "crash-id";

	static final String NUMBER = "crash-n";

	static final String REPORTED_AS_FAILED = "crash-reported-as-failed";

	/**
	 * RabbitMQ has no keys, but the subject of CloudEvents is the key.
	 */
	static final String KEY_ON_RABBIT = "cloudEvents_subject";

	static Observed of(@Nullable String key, Map<String, ? extends @Nullable Object> headers, int partition,
			long offset) {
		return new Observed(String.valueOf(key),
				headers.containsKey(NUMBER) ? Long.parseLong(String.valueOf(headers.get(NUMBER))) : UNKNOWN,
				UUID.fromString(String.valueOf(headers.get(ID))), partition, offset,
				headers.containsKey(REPORTED_AS_FAILED));
	}

	/**
	 * Returns the record with the number that its event has got.
	 */
	Observed known(Committed event) {
		return (this.n != UNKNOWN) ? this
				: new Observed(this.key, event.n(), this.id, this.partition, this.offset, this.reportedAsFailed);
	}

	@Override
	public String toString() {
		return this.key + "#" + this.n + " (" + this.id + ") at " + this.partition + "@" + this.offset;
	}

}
