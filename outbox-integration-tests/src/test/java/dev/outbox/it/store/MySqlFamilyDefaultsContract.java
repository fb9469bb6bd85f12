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

package dev.outbox.it.store;

import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.store.jdbc.OutboxSchema;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Servers of MySQL and MariaDB that are set up otherwise, as hosted ones often are.
 */
abstract class MySqlFamilyDefaultsContract {

	private final TestDatabase<?> database;

	MySqlFamilyDefaultsContract(TestDatabase<?> database) {
		this.database = database;
	}

	abstract String requirePrimaryKeys();

	@Test
	void theTablesAreCreatedWhateverFormatOfRowsIsTheDefault() {
		this.database.sql("SET GLOBAL innodb_default_row_format = COMPACT");
		try {
			OutboxSchema schema = schema("");
			schema.create();
			schema.validate(64);
		}
		finally {
			this.database.sql("SET GLOBAL innodb_default_row_format = DYNAMIC");
		}
	}

	@Test
	void theTablesAreCreatedWherePrimaryKeysAreRequired() {
		this.database.sql("SET GLOBAL " + requirePrimaryKeys() + " = 1");
		try {
			OutboxSchema schema = schema("");
			schema.create();
			schema.validate(64);
		}
		finally {
			this.database.sql("SET GLOBAL " + requirePrimaryKeys() + " = 0");
		}
	}

	@Test
	void theTablesAreFoundWhereABackslashEscapesNothing() {
		OutboxSchema schema = schema("sessionVariables=sql_mode='NO_BACKSLASH_ESCAPES'");
		schema.create();
		schema.validate(64);
		assertThat(schema.exists()).isTrue();
	}

	private OutboxSchema schema(String settings) {
		this.database.close();
		String url = this.database.jdbcUrl();
		return new OutboxSchema(Product.of(this.database).dialect(),
				new DriverManagerDataSource(url + (url.contains("?") ? '&' : '?') + settings, this.database.user(),
						this.database.password()),
				JdbcStoreHarness.TABLES);
	}

}
