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

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import dev.outbox.store.jdbc.Gaps.Gap;

/**
 * Statements that ask for rows in several ranges of numbers.
 */
final class GapRanges {

	/**
	 * The most in one statement. There are few numbers of ranges, so that there are few
	 * statements: powers of two.
	 */
	static final int MOST = 512;

	private GapRanges() {
	}

	/**
	 * Returns a query with a limit, its last parameter, for rows in ranges.
	 * @param select the query, up to the table
	 * @param count how many ranges
	 */
	static String sql(SqlSyntax syntax, String select, int count) {
		return select + syntax.inRanges(length(count)) + " ORDER BY seq" + syntax.first("?");
	}

	static <T> List<T> query(Connection connection, SqlSyntax syntax, String select, List<Gap> ranges, int limit,
			PortableWork.RowReader<T> reader) throws SQLException {
		try (PreparedStatement statement = connection.prepareStatement(sql(syntax, select, ranges.size()))) {
			PortableWork.set(statement, set(statement, ranges), limit);
			List<T> found = new ArrayList<>();
			try (ResultSet row = statement.executeQuery()) {
				while (row.next()) {
					found.add(reader.read(row));
				}
			}
			return found;
		}
	}

	/**
	 * Sets the numbers of ranges.
	 * @return the position of the next parameter
	 */
	static int set(PreparedStatement statement, List<Gap> ranges) throws SQLException {
		int next = 1;
		for (int i = 0; i < length(ranges.size()); i++) {
			// Nothing is in a range that ends before it begins.
			boolean filler = i >= ranges.size();
			next = PortableWork.set(statement, next, filler ? 1L : ranges.get(i).from(),
					filler ? 0L : ranges.get(i).to());
		}
		return next;
	}

	private static int length(int count) {
		return (count > 1) ? Integer.highestOneBit(count - 1) << 1 : 1;
	}

}
