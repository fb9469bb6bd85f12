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

package dev.outbox.autoconfigure.store.jdbc;

import javax.sql.DataSource;

import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.TableNames;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ClassUtils;

/**
 * Migrates the tables with a tool that the application uses too.
 */
interface SchemaMigration {

	/**
	 * Returns whether the application itself uses the tool.
	 */
	boolean isUsedByApplication();

	/**
	 * Brings the tables to the latest version. Any number of instances may do so at the
	 * same time.
	 */
	void migrate();

	/**
	 * Returns the migration with Flyway.
	 * @return the migration, {@code null} if Flyway is not on the class path
	 */
	static @Nullable SchemaMigration of(DataSource dataSource, JdbcDialect dialect, TableNames tables,
			ListableBeanFactory beans) {
		boolean present = ClassUtils.isPresent("org.flywaydb.core.Flyway", SchemaMigration.class.getClassLoader());
		return present ? FlywaySchemaMigration.create(dataSource, dialect, tables, beans) : null;
	}

}
