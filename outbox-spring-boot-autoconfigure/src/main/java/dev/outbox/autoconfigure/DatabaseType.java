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
package dev.outbox.autoconfigure;

/**
 * Kind of the database in which the outbox is stored.
 */
public enum DatabaseType {

	/**
	 * The database that the data source is connected to.
	 */
	AUTO,

	/**
	 * PostgreSQL 14 or newer.
	 */
	POSTGRESQL,

	/**
	 * MariaDB 10.6 or newer.
	 */
	MARIADB,

	/**
	 * MySQL 8.0.17 or newer.
	 */
	MYSQL,

	/**
	 * H2 2.2 or newer.
	 */
	H2,

	/**
	 * SQLite 3.43 or newer, in a file.
	 */
	SQLITE,

	/**
	 * SQL Server 2019 or newer. Written and grammar-checked, not run: no server was
	 * available to the build of this version.
	 */
	SQLSERVER,

	/**
	 * Oracle Database 19c or newer. Written and grammar-checked, not run: no server was
	 * available to the build of this version.
	 */
	ORACLE

}
