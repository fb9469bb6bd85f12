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
package dev.outbox.it.boot;

import dev.outbox.fixtures.mongo.MongoTestDatabase;

/**
 * Meters and health of an outbox in MongoDB.
 */
class MongoObservationTests extends ObservationContract {

	private final MongoTestDatabase database = MongoTestDatabase.fresh();

	@Override
	String url() {
		return this.database.uri();
	}

	/**
	 * Without the name of the set the driver asks for no other member than this.
	 */
	@Override
	TestApplication application(String url) {
		return TestApplication.of(MongoApplication.class)
			.with(TestApplication.WITHOUT_DATA_SOURCE, "spring.mongodb.uri=" + url.substring(0, url.indexOf('?'))
					+ "?directConnection=true&serverSelectionTimeoutMS=1000");
	}

	@Override
	void dropDatabase() {
		this.database.close();
	}

}
