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
 * How the tables of the outbox come into being. Whatever the mode, a missing or outdated
 * table fails the start, unless the mode is {@link #NONE}.
 */
public enum SchemaMode {

	/**
	 * As {@link #FLYWAY} if the application uses Flyway; else as {@link #CREATE} if there
	 * is no table yet and the user of the database may create one; else as
	 * {@link #VALIDATE}.
	 */
	AUTO,

	/**
	 * Migrates with Flyway, in a history table of our own.
	 */
	FLYWAY,

	/**
	 * Runs the shipped scripts under a lock in the database.
	 */
	CREATE,

	/**
	 * Changes nothing, and checks that the tables are as they have to be.
	 */
	VALIDATE,

	/**
	 * Neither changes nor checks anything.
	 */
	NONE

}
