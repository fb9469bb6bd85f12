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

package dev.outbox.diagnostics;

import java.io.Serial;
import java.util.Map;

import dev.outbox.OutboxException;

/**
 * No transaction manager owns the data source of the outbox, or its database of MongoDB,
 * so no transaction could store an event together with the business change.
 */
public class NoMatchingTransactionManagerException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final boolean mongo;

	private final String dataSource;

	private final Map<String, String> found;

	/**
	 * Creates the exception.
	 * @param dataSource describes the data source of the outbox
	 * @param found what is there: descriptions of transaction managers by bean name
	 */
	public NoMatchingTransactionManagerException(String dataSource, Map<String, String> found) {
		this(false, "data source", dataSource, found);
	}

	private NoMatchingTransactionManagerException(boolean mongo, String noun, String dataSource,
			Map<String, String> found) {
		super("No transaction manager owns the " + noun + " of the outbox (" + dataSource + "): found "
				+ (found.isEmpty() ? "none" : found)
				+ ". The outbox was not started. Define a transaction manager for that " + noun + ".");
		this.mongo = mongo;
		this.dataSource = dataSource;
		this.found = Map.copyOf(found);
	}

	/**
	 * Creates the exception for MongoDB.
	 * @param factory describes the MongoDatabaseFactory of the outbox
	 * @param found what is there: descriptions of transaction managers by bean name
	 * @return the exception
	 */
	public static NoMatchingTransactionManagerException ofMongo(String factory, Map<String, String> found) {
		return new NoMatchingTransactionManagerException(true, "MongoDB database", factory, found);
	}

	/**
	 * Returns whether the outbox is in MongoDB.
	 * @return whether it is
	 */
	public boolean isMongo() {
		return this.mongo;
	}

	/**
	 * Returns which data source, or MongoDatabaseFactory, nobody owns.
	 * @return a description
	 */
	public String getDataSource() {
		return this.dataSource;
	}

	/**
	 * Returns what is there.
	 * @return descriptions of transaction managers by bean name
	 */
	public Map<String, String> getFound() {
		return this.found;
	}

}
