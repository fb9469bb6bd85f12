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

import java.util.regex.Pattern;

/**
 * Names of the outbox's collections.
 */
public final class CollectionNames {

	static final String EVENT = "event";

	static final String SCHEDULED = "scheduled";

	static final String DEAD_LETTER = "dead_letter";

	static final String ARCHIVE = "archive";

	static final String REPLAY = "replay";

	static final String IDEMPOTENCY = "idempotency";

	static final String INSTANCE = "instance";

	static final String PARTITION = "partition";

	static final String BLOCKED_KEY = "blocked_key";

	static final String DESTINATION_STATE = "destination_state";

	static final String AUDIT = "audit";

	static final String BACKLOG = "backlog";

	static final String SETTING = "setting";

	static final String SEQUENCE = "sequence";

	static final String KEY = "key";

	private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,39}");

	private final String prefix;

	/**
	 * Creates names.
	 * @param prefix first part of each name, for example {@code outbox_}
	 * @throws IllegalArgumentException if it is not a plain identifier
	 */
	public CollectionNames(String prefix) {
		if (!IDENTIFIER.matcher(prefix).matches() || prefix.startsWith("system")) {
			throw new IllegalArgumentException("outbox.store.table-prefix must consist of letters, digits and"
					+ " underscores, start with a letter or an underscore but not with 'system', and have at most 40"
					+ " characters, but is '" + prefix + "'. Nothing was sent to the database");
		}
		this.prefix = prefix;
	}

	/**
	 * Returns the first part of each name.
	 * @return the prefix
	 */
	public String prefix() {
		return this.prefix;
	}

	/**
	 * Returns the name of a collection.
	 * @param collection one of the constants
	 */
	String of(String collection) {
		return this.prefix + collection;
	}

}
