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
 * The data source is connected to a database that the outbox cannot be stored in.
 */
public class UnsupportedDatabaseException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String product;

	/**
	 * Creates the exception.
	 * @param product name and version of the database
	 */
	public UnsupportedDatabaseException(String product) {
		super("The outbox cannot be stored in " + product + "; it was not started. Use PostgreSQL 14 or newer, or set"
				+ " outbox.enabled=false.");
		this.product = product;
	}

	/**
	 * Returns what the data source is connected to.
	 * @return name and version of the database
	 */
	public String getProduct() {
		return this.product;
	}

}
