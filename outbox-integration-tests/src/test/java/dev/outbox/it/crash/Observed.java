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

import dev.outbox.fixtures.kafka.KafkaRecord;

/**
 * A record that lies in the topic.
 *
 * @param key key of the record
 * @param n number of the event within its key
 * @param id id of the event
 * @param partition partition of the topic
 * @param offset place in the partition
 * @param reportedAsFailed whether the fault injection reported this very send as failed
 * although it was delivered, so that the event must appear again
 */
record Observed(String key, long n, UUID id, int partition, long offset, boolean reportedAsFailed) {

	static final String ID = "crash-id";

	static final String NUMBER = "crash-n";

	static final String REPORTED_AS_FAILED = "crash-reported-as-failed";

	static Observed of(KafkaRecord record) {
		Map<String, String> headers = record.headers();
		return new Observed(record.key(), Long.parseLong(headers.get(NUMBER)), UUID.fromString(headers.get(ID)),
				record.partition(), record.offset(), headers.containsKey(REPORTED_AS_FAILED));
	}

	@Override
	public String toString() {
		return this.key + "#" + this.n + " (" + this.id + ") at " + this.partition + "@" + this.offset;
	}

}
