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

package dev.outbox.autoconfigure.store.mongo;

import java.util.Map;

import dev.outbox.autoconfigure.store.TransactionManagers;
import dev.outbox.diagnostics.NoMatchingTransactionManagerException;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Finds the transaction manager that owns a MongoDB database.
 */
final class MongoTransactionManagers extends TransactionManagers {

	MongoTransactionManagers(MongoDatabaseFactory factory, ListableBeanFactory beans) {
		super(factory, beans);
	}

	/**
	 * Also those that do not tell what they own: only the sessions of an owner are
	 * recognised.
	 */
	@Override
	protected boolean isElsewhere(PlatformTransactionManager manager) {
		return !isOwner(manager);
	}

	@Override
	protected String noun() {
		return "MongoDB database";
	}

	@Override
	protected NoMatchingTransactionManagerException none(String type, Map<String, String> found) {
		return NoMatchingTransactionManagerException.ofMongo(type, found);
	}

}
