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

import java.util.List;

import dev.outbox.store.jdbc.mysql.MariaDbDialect;
import dev.outbox.store.jdbc.oracle.OracleDialect;
import dev.outbox.store.jdbc.postgres.PostgresDialect;
import dev.outbox.store.jdbc.sqlserver.SqlServerDialect;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MigrationScriptsTests {

	private final MigrationScripts postgres = new MigrationScripts(new PostgresDialect(),
			new TableNames(null, "shop_"));

	private final MigrationScripts mariadb = new MigrationScripts(new MariaDbDialect(), new TableNames("box", "shop_"));

	@Test
	void statementsEndAtSemicolonsThatArePartOfNothingElse() {
		assertThat(SqlStatements.split("""
				-- A; comment
				CREATE TABLE "a;b" (
					-- another; one
					c text DEFAULT ';' -- and; one more
				);

				DO $$ BEGIN x; y; END $$;
				SELECT `;`;;
				SELECT 1""")).containsExactly("CREATE TABLE \"a;b\" (\n\tc text DEFAULT ';' \n)",
				"DO $$ BEGIN x; y; END $$", "SELECT `;`", "SELECT 1");
	}

	@Test
	void aMissingColumnIsAddedAsItsTableDefinesIt() {
		assertThat(repair(this.postgres, "shop_event.crashes"))
			.isEqualTo("ALTER TABLE \"shop_event\" ADD crashes smallint NOT NULL DEFAULT 0;\n");
		assertThat(repair(this.postgres, "shop_event.xid"))
			.isEqualTo("ALTER TABLE \"shop_event\" ADD xid xid8 NOT NULL DEFAULT pg_current_xact_id();\n"
					+ "CREATE INDEX \"shop_event_xid\" ON \"shop_event\" (xid);\n");
		assertThat(repair(this.postgres, "shop_partition.part")).isEqualTo("ALTER TABLE \"shop_partition\" ADD part"
				+ " smallint NOT NULL;\n-- shop_partition has, besides: PRIMARY KEY (transport, part)\n");
		assertThat(repair(this.mariadb, "shop_event.crashes"))
			.isEqualTo("USE `box`;\n\nALTER TABLE `shop_event` ADD crashes smallint NOT NULL DEFAULT 0;\n");
		assertThat(repair(this.mariadb, "shop_blocked_key.identity")).contains("ADD identity binary(32) AS (unhex(",
				"-- shop_blocked_key has, besides: UNIQUE KEY blocked_key_identity (identity)");
	}

	@Test
	void aMissingColumnIsAddedAsTheBlockDefinesItThatCreatesItsTable() {
		MigrationScripts oracle = new MigrationScripts(new OracleDialect(), new TableNames("box", "shop_"));
		assertThat(repair(oracle, "shop_event.crashes")).isEqualTo("ALTER SESSION SET CURRENT_SCHEMA = \"BOX\"\n/\n\n"
				+ "ALTER TABLE shop_event ADD crashes NUMBER(5) DEFAULT 0 NOT NULL\n/\n");
		assertThat(repair(oracle, "shop_archive.number"))
			.contains("ALTER TABLE shop_archive ADD \"NUMBER\" NUMBER(19)");
		assertThat(repair(oracle, "shop_event"))
			.contains("CREATE TABLE shop_event (", "CREATE INDEX shop_event_key ON shop_event (event_key, seq)")
			.doesNotContain("shop_setting", "shop_scheduled")
			.endsWith("END IF; END;\n/\n");
	}

	@Test
	void aMissingTableIsCreatedWithItsIndexes() {
		String sql = repair(this.postgres, "shop_idempotency");
		assertThat(sql).startsWith("CREATE TABLE \"shop_idempotency\" (")
			.contains("CREATE INDEX \"shop_idempotency_time\"")
			.doesNotContain("shop_event", "shop_setting");
		assertThat(repair(this.mariadb, "shop_setting")).contains("CREATE TABLE IF NOT EXISTS `shop_setting`",
				"VALUES ('schema.version', '1')");
	}

	@Test
	void whatAPendingMigrationBringsIsLeftToIt() {
		assertThat(this.postgres.repair(List.of(), List.of("shop_event"), List.of("V1__outbox.sql")))
			.isEqualTo(this.postgres.of(List.of("V1__outbox.sql")) + "\n");
	}

	@Test
	void aSchemaOnPostgresIsSetForTheScriptAlone() {
		assertThat(OutboxSchema.script(new PostgresDialect(), new TableNames("box", "shop_")))
			.startsWith("BEGIN;\nSET LOCAL search_path TO \"box\";\n")
			.endsWith("\nCOMMIT;\n");
	}

	@Test
	void aLongScriptIsCutAfterAStatement() {
		String sql = this.postgres.of(List.of("V1__outbox.sql"));
		MissingSchemaException missing = new MissingSchemaException(List.of("shop_event"), sql,
				this.postgres.command());
		assertThat(missing.sql()).isEqualTo(sql);
		assertThat(missing.excerpt(100_000)).isEqualTo(sql);
		assertThat(missing.excerpt(4000)).hasSizeBetween(2000, 4500)
			.startsWith(sql.substring(0, 1000))
			.endsWith(";\n-- and so on\nThe whole of it is printed by: unzip -p outbox-core-*.jar"
					+ " 'dev/outbox/store/jdbc/migration/postgresql/*.sql' | sed 's/${prefix}/shop_/g'");
		assertThat(missing.getMessage()).hasSizeLessThan(2000).contains("has no shop_event. Nothing has been changed.");
	}

	/**
	 * Whoever runs it must not get the tables elsewhere.
	 */
	@Test
	void theCommandPrintsTheScriptForItsSchema() {
		String print = "unzip -p outbox-core-*.jar 'dev/outbox/store/jdbc/migration/%s/*.sql' | sed 's/${prefix}/shop_/g'";
		assertThat(command(new PostgresDialect())).isEqualTo("{ echo 'BEGIN;\nSET LOCAL search_path TO \"box\";'; "
				+ print.formatted("postgresql") + "; echo 'COMMIT;'; }");
		assertThat(command(new MariaDbDialect()))
			.isEqualTo("{ echo 'USE `box`;'; " + print.formatted("mariadb") + "; }");
		assertThat(command(new SqlServerDialect()))
			.isEqualTo(print.formatted("sqlserver") + " | sed 's/\\[/[box].[/g'");
		assertThat(command(new OracleDialect()))
			.isEqualTo("{ echo 'ALTER SESSION SET CURRENT_SCHEMA = \"BOX\"\n/'; " + print.formatted("oracle") + "; }");
	}

	private static String command(JdbcDialect dialect) {
		return new MigrationScripts(dialect, new TableNames("box", "shop_")).command();
	}

	private static String repair(MigrationScripts scripts, String missing) {
		return scripts.repair(List.of("V1__outbox.sql"), List.of(missing), List.of());
	}

}
