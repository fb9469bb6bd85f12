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
 * Two of several outboxes have the same tables, so that each would send the events of the
 * other one too.
 */
public class SharedTablesException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String first;

	private final String second;

	private final String tables;

	/**
	 * Creates the exception.
	 * @param first name of an outbox
	 * @param second name of the outbox that has the same tables
	 * @param tables how their names begin, with the schema if there is one
	 */
	public SharedTablesException(String first, String second, String tables) {
		super("The outboxes '" + first + "' and '" + second + "' have the same tables, '" + tables
				+ "...' of one data source. The application was not started, and no event was sent. Set "
				+ property(second) + "table-prefix, or another schema or data-source there");
		this.first = first;
		this.second = second;
		this.tables = tables;
	}

	private static String property(String name) {
		return "outbox.instances." + name + ".store.";
	}

	/**
	 * Returns one of the two.
	 * @return the name of an outbox
	 */
	public String getFirst() {
		return this.first;
	}

	/**
	 * Returns the other one.
	 * @return the name of an outbox
	 */
	public String getSecond() {
		return this.second;
	}

	/**
	 * Returns what they share.
	 * @return how the names of the tables begin
	 */
	public String getTables() {
		return this.tables;
	}

}
