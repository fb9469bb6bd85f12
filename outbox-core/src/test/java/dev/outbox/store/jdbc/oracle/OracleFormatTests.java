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
import java.sql.DriverManager;
import java.sql.SQLException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class OracleFormatTests {

	private final OracleFormat format = new OracleFormat();

	/**
	 * By any driver's object of JDBC.
	 */
	@Test
	void aTextThatMayBeLongerThanFourThousandBytesIsALargeObject() throws SQLException {
		try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:")) {
			String longest = "\u20ac".repeat(1000);
			assertThat(this.format.longText(connection, longest)).isSameAs(longest);
			String longer = longest + 'x';
			assertThat(this.format.longText(connection, longer)).isInstanceOfSatisfying(Clob.class,
					(clob) -> assertThat(clob).extracting(OracleFormatTests::text).isEqualTo(longer));
		}
	}

	private static String text(Clob clob) {
		try {
			return clob.getSubString(1, (int) clob.length());
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
