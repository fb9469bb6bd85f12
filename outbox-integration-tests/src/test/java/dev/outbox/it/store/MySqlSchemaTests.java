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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import dev.outbox.fixtures.mysql.EnabledIfMySql;
import dev.outbox.fixtures.mysql.MySqlDatabase;
import dev.outbox.store.jdbc.TableNames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The tables on MySQL. A schema is a database there.
 */
@EnabledIfMySql
class MySqlSchemaTests extends SchemaContract {

	@RegisterExtension
	static MySqlDatabase database = MySqlDatabase.fresh();

	private final List<String> others = new ArrayList<>();

	MySqlSchemaTests() {
		super(database);
	}

	@Override
	TableNames elsewhere(String schema, String prefix) {
		this.others.add(schema);
		database.sql("DROP DATABASE IF EXISTS `" + schema + '`', "CREATE DATABASE `" + schema + '`');
		return new TableNames(schema, prefix);
	}

	/**
	 * Columns cannot be renamed here from which another one is computed, or that have a
	 * check.
	 */
	@Override
	List<Map<String, Object>> columns() {
		return database.query("""
				SELECT table_name AS t, column_name AS c FROM information_schema.columns
				WHERE table_schema = ? AND table_name NOT IN ('outbox_setting', 'outbox_blocked_key')
					AND NOT (table_name IN ('outbox_event', 'outbox_scheduled') AND column_name IN ('event_key',
						'transport', 'destination', 'options', 'headers'))""", database.name());
	}

	@AfterEach
	void dropOthers() {
		this.others.forEach((name) -> database.sql("DROP DATABASE IF EXISTS `" + name + '`'));
	}

}
