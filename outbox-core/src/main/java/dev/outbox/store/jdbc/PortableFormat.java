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
import java.util.Objects;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * Types that every database has: ids are 16 bytes. What a time is, each one says.
 */
public abstract class PortableFormat implements RowFormat {

	/**
	 * Returns a time as a parameter of a statement.
	 * @param time a time
	 * @return the time as the database stores it, cut to microseconds, not rounded: an
	 * event must not be from the future
	 */
	public abstract Object parameter(Instant time);

	@Override
	public final UUID uuid(ResultSet row, int column) throws SQLException {
		ByteBuffer bytes = ByteBuffer.wrap(Objects.requireNonNull(row.getBytes(column)));
		return new UUID(bytes.getLong(), bytes.getLong());
	}

	@Override
	public final long @Nullable [] history(ResultSet row, int column) throws SQLException {
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

}
