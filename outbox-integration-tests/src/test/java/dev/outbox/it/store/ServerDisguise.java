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

import dev.outbox.fixtures.postgres.PostgresDatabase;

/**
 * Lets a server say of itself what only a failover or a restored backup makes it say:
 * functions of the same names lie before the server's own. Applies to sessions that are
 * opened later.
 */
public final class ServerDisguise {

	private final PostgresDatabase database;

	/**
	 * Creates a disguise that changes nothing yet.
	 * @param database the database to which it applies
	 */
	public ServerDisguise(PostgresDatabase database) {
		this.database = database;
		database.sql("CREATE TABLE IF NOT EXISTS disguise (numbers text, recovering boolean, name text)",
				instead("pg_current_snapshot", "pg_snapshot", "numbers::pg_snapshot"),
				instead("pg_is_in_recovery", "boolean", "recovering"), instead("version", "text", "name"),
				"ALTER DATABASE \"" + database.name() + "\" SET search_path = public, pg_catalog");
		takeOff();
	}

	private static String instead(String function, String type, String claim) {
		return """
				CREATE OR REPLACE FUNCTION public.%1$s() RETURNS %2$s STABLE LANGUAGE sql
				AS 'SELECT coalesce((SELECT %3$s FROM disguise), pg_catalog.%1$s())'""".formatted(function, type,
				claim);
	}

	/**
	 * Claims that hardly any transaction has ever begun.
	 */
	public void startNumbersAgain() {
		this.database.sql("UPDATE disguise SET numbers = '3:3:'");
	}

	/**
	 * Claims to be a standby.
	 */
	public void recover() {
		this.database.sql("UPDATE disguise SET recovering = true");
	}

	/**
	 * Claims to be another product.
	 * @param name what version() returns
	 */
	public void pretend(String name) {
		this.database.update("UPDATE disguise SET name = ?", name);
	}

	/**
	 * Says the truth again.
	 */
	public void takeOff() {
		this.database.sql("TRUNCATE disguise", "INSERT INTO disguise VALUES (NULL, NULL, NULL)");
	}

}
