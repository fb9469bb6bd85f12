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

package dev.outbox.store.jdbc;

import java.io.Serial;

/**
 * The database or the outbox's tables cannot be used as they are: events could be lost or
 * change their order.
 */
public final class UnusableSchemaException extends SchemaException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String problem;

	UnusableSchemaException(String problem) {
		super("The outbox cannot use its tables: " + problem + ". Nothing has been changed");
		this.problem = problem;
	}

	/**
	 * Returns what is wrong and what to do about it.
	 * @return the problem, in one sentence
	 */
	public String problem() {
		return this.problem;
	}

}
