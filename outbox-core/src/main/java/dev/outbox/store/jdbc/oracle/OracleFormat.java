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
package dev.outbox.store.jdbc.oracle;

import java.sql.Clob;
import java.sql.Connection;
import java.sql.SQLException;

import dev.outbox.store.jdbc.UtcTimes;

/**
 * In the list of a query's columns a text is at most 4,000 bytes long, which are 1,000
 * characters at worst.
 */
final class OracleFormat extends UtcTimes {

	private static final int LONGEST_TEXT = 1000;

	@Override
	public Object longText(Connection connection, String text) throws SQLException {
		if (text.length() <= LONGEST_TEXT) {
			return text;
		}
		Clob clob = connection.createClob();
		clob.setString(1, text);
		return clob;
	}

}
