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

import java.util.function.Consumer;

import com.mongodb.client.MongoDatabase;
import dev.outbox.store.EventStore;
import dev.outbox.test.contract.SpringTransaction;

import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoDatabaseUtils;
import org.springframework.data.mongodb.MongoTransactionManager;

/**
 * A transaction of MongoDB.
 */
public final class MongoTransaction extends SpringTransaction {

	private final MongoDatabaseFactory factory;

	public MongoTransaction(MongoDatabaseFactory factory, EventStore store) {
		super(new MongoTransactionManager(factory), store);
		this.factory = factory;
	}

	/**
	 * Does what an application does beside.
	 */
	public MongoTransaction with(Consumer<MongoDatabase> operation) {
		perform(() -> {
			operation.accept(MongoDatabaseUtils.getDatabase(this.factory));
			return true;
		});
		return this;
	}

}
