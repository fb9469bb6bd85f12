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

import java.io.Serial;

import dev.outbox.OutboxException;

/**
 * The server or the collections cannot be used. At most collections and indexes that were
 * missing have been created.
 */
public final class MongoSchemaException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String problem;

	private final String action;

	/**
	 * Creates the exception.
	 * @param problem what is wrong, a sentence without its full stop
	 * @param action what to do, a sentence or more
	 */
	public MongoSchemaException(String problem, String action) {
		super(problem + ". The outbox was not started. " + action);
		this.problem = problem;
		this.action = action;
	}

	/**
	 * Returns what is wrong.
	 * @return a sentence without its full stop
	 */
	public String problem() {
		return this.problem;
	}

	/**
	 * Returns what to do.
	 * @return a sentence or more
	 */
	public String action() {
		return this.action;
	}

}
