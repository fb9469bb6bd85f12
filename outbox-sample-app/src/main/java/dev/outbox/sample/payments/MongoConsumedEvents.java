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

package dev.outbox.sample.payments;

import org.bson.Document;

import org.springframework.context.annotation.Profile;
import org.springframework.data.mongodb.core.MongoTemplate;
import org.springframework.stereotype.Repository;

@Repository
@Profile("mongo")
class MongoConsumedEvents implements ConsumedEvents {

	private static final String EVENTS = "consumed_event";

	private final MongoTemplate mongo;

	MongoConsumedEvents(MongoTemplate mongo) {
		this.mongo = mongo;
	}

	@Override
	public boolean add(String id) {
		if (this.mongo.findById(id, Document.class, EVENTS) != null) {
			return false;
		}
		this.mongo.insert(new Document("_id", id), EVENTS);
		return true;
	}

}
