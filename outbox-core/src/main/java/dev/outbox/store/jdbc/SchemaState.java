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

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What a database has of the outbox's tables.
 *
 * @param exists whether there is any of the tables
 * @param missing tables, columns and sequences that should be there and are not, as
 * {@code table} or {@code table.column}
 * @param problem what is there and must not be used, in one sentence, {@code null} if
 * nothing is
 */
public record SchemaState(boolean exists, List<String> missing, @Nullable String problem) {

	public SchemaState {
		missing = List.copyOf(missing);
	}

}
