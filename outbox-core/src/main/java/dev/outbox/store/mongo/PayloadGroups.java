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

package dev.outbox.store.mongo;

import java.util.ArrayList;
import java.util.List;

import org.bson.BsonDocument;

/**
 * Divides events by the sizes of their payloads, so that no more is in memory, and in one
 * transaction, than is good.
 */
final class PayloadGroups {

	private static final long MOST_BYTES = 8 << 20;

	private PayloadGroups() {
	}

	/**
	 * Returns the first events whose payloads are not too large together, at least one if
	 * there is any.
	 * @param events the events, with the sizes of their payloads
	 */
	static List<BsonDocument> first(List<BsonDocument> events) {
		long bytes = 0;
		for (int count = 0; count < events.size(); count++) {
			bytes += BsonValues.number(events.get(count), EventDocuments.PAYLOAD_SIZE);
			if (count > 0 && bytes > MOST_BYTES) {
				return events.subList(0, count);
			}
		}
		return events;
	}

	/**
	 * Returns all events, in groups.
	 * @param events the events, with the sizes of their payloads
	 */
	static List<List<BsonDocument>> all(List<BsonDocument> events) {
		List<List<BsonDocument>> groups = new ArrayList<>();
		List<BsonDocument> rest = events;
		while (!rest.isEmpty()) {
			List<BsonDocument> group = first(rest);
			groups.add(group);
			rest = rest.subList(group.size(), rest.size());
		}
		return groups;
	}

}
