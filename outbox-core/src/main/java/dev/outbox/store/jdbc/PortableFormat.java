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

import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Types that every database has: ids are 16 bytes, times are in UTC and have no time
 * zone.
 */
enum PortableFormat implements RowFormat {

	/**
	 * The only one.
	 */
	INSTANCE;

	@Override
	public UUID uuid(ResultSet row, int column) throws SQLException {
		ByteBuffer bytes = ByteBuffer.wrap(Objects.requireNonNull(row.getBytes(column)));
		return new UUID(bytes.getLong(), bytes.getLong());
	}

	@Override
	public @Nullable Instant time(ResultSet row, int column) throws SQLException {
		LocalDateTime time = row.getObject(column, LocalDateTime.class);
		return (time != null) ? time.toInstant(ZoneOffset.UTC) : null;
	}

	@Override
	public long @Nullable [] history(ResultSet row, int column) throws SQLException {
		long[] history = new long[4];
		boolean any = false;
		for (int i = 0; i < history.length; i++) {
			history[i] = row.getLong(column + i);
			any |= history[i] != 0;
		}
		return any ? history : null;
	}

	static byte[] bytes(UUID id) {
		return ByteBuffer.allocate(2 * Long.BYTES)
			.putLong(id.getMostSignificantBits())
			.putLong(id.getLeastSignificantBits())
			.array();
	}

	/**
	 * Cut, not rounded, to what is stored: an event must not be from the future.
	 */
	static LocalDateTime utc(Instant instant) {
		return LocalDateTime.ofInstant(instant.truncatedTo(ChronoUnit.MICROS), ZoneOffset.UTC);
	}

}
