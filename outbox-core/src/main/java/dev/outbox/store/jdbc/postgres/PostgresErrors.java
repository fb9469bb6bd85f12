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

import java.sql.SQLException;

import org.postgresql.util.PSQLException;

/**
 * Errors that are fit for logs.
 */
final class PostgresErrors {

	private PostgresErrors() {
	}

	/**
	 * Returns an error without its details: where a row is refused, they are the values
	 * of the row, and so the payload.
	 */
	static SQLException withoutValues(SQLException error) {
		if (error instanceof PSQLException refused && refused.getServerErrorMessage() != null) {
			SQLException plain = new SQLException(refused.getServerErrorMessage().getMessage(), refused.getSQLState());
			plain.setStackTrace(refused.getStackTrace());
			return plain;
		}
		return error;
	}

}
