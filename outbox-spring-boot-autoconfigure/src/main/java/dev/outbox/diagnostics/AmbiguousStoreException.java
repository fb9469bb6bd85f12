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

import dev.outbox.OutboxException;

/**
 * The application has transactions in MongoDB and a data source, and nothing says in
 * which of them the outbox is.
 */
public final class AmbiguousStoreException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 */
	public AmbiguousStoreException() {
		super("There are a DataSource and a MongoTransactionManager, and nothing says which of both databases stores the"
				+ " events. The outbox was not started, and nothing was written. Set outbox.store.type to jdbc, jpa or"
				+ " mongodb: to the one that the transactions write in which events are published.");
	}

}
