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

package dev.outbox.store.jdbc.postgres;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Objects;
import java.util.UUID;

import dev.outbox.store.jdbc.RowFormat;
import org.jspecify.annotations.Nullable;

/**
 * Types of PostgreSQL. What only some rows have is one column, an array: each column
 * costs as much as reading a small event's key.
 */
enum PostgresFormat implements RowFormat {

	/**
	 * The only one.
	 */
	INSTANCE;

	@Override
	public UUID uuid(ResultSet row, int column) throws SQLException {
		return Objects.requireNonNull(row.getObject(column, UUID.class));
	}

	@Override
	public @Nullable Instant time(ResultSet row, int column) throws SQLException {
		OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
		return (time != null) ? time.toInstant() : null;
	}

	@Override
	public long @Nullable [] history(ResultSet row, int column) throws SQLException {
		Array history = row.getArray(column);
		if (history == null) {
			return null;
		}
		Long[] values = (Long[]) history.getArray();
		long[] numbers = new long[values.length];
		for (int i = 0; i < values.length; i++) {
			numbers[i] = (values[i] != null) ? values[i] : 0;
		}
		return numbers;
	}

}
