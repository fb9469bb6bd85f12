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

package dev.outbox.it.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.function.Consumer;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandStartedEvent;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import org.bson.Document;

/**
 * The collections of an outbox as a test reads and changes them itself.
 *
 * @param database the database
 */
public record MongoCollections(MongoTestDatabase database) {

	/**
	 * Returns a collection.
	 * @param name its name without prefix
	 */
	public MongoCollection<Document> named(String name) {
		return this.database.database().getCollection("outbox_" + name);
	}

	public long count(String name) {
		return named(name).countDocuments();
	}

	public void clear(String name) {
		named(name).deleteMany(new Document());
	}

	/**
	 * Returns a client of which each command is told before it is sent.
	 */
	static MongoClient listening(MongoTestDatabase database, Consumer<CommandStartedEvent> listener) {
		return MongoClients.create(MongoClientSettings.builder()
			.applyConnectionString(new ConnectionString(database.uri()))
			.addCommandListener(new CommandListener() {

				@Override
				public void commandStarted(CommandStartedEvent event) {
					listener.accept(event);
				}

			})
			.build());
	}

	/**
	 * Returns a time as documents have it.
	 */
	public static Date fromNow(Duration time) {
		return Date.from(Instant.now().plus(time));
	}

}
