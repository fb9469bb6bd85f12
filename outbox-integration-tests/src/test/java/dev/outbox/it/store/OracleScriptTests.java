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
import java.util.Arrays;
import java.util.List;

import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.oracle.OracleDialect;
import liquibase.util.StringUtil;
import org.flywaydb.core.api.configuration.ClassicConfiguration;
import org.flywaydb.core.api.configuration.Configuration;
import org.flywaydb.core.internal.parser.ParsingContext;
import org.flywaydb.core.internal.resource.StringResource;
import org.flywaydb.core.internal.sqlscript.SqlStatementIterator;
import org.flywaydb.database.oracle.OracleParser;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Liquibase and Flyway take the script for Oracle Database apart as the outbox does: that
 * much can be seen without a server.
 */
class OracleScriptTests {

	@Test
	void liquibaseTakesTheScriptApartIntoItsBlocks() {
		OracleDialect oracle = new OracleDialect();
		String script = OutboxSchema.script(oracle, new TableNames(null, "outbox_"));
		List<String> blocks = Arrays.stream(StringUtil.processMultiLineSQL(script, true, true, "/", null))
			.map(OracleScriptTests::words)
			.toList();
		assertThat(blocks)
			.containsExactlyElementsOf(oracle.statements(script).stream().map(OracleScriptTests::words).toList());
	}

	@Test
	void flywayTakesTheScriptApartIntoItsBlocks() {
		OracleDialect oracle = new OracleDialect();
		String script = OutboxSchema.script(oracle, new TableNames(null, "outbox_"));
		Configuration configuration = new ClassicConfiguration();
		List<String> blocks = new ArrayList<>();
		try (SqlStatementIterator statements = new OracleParser(configuration, new ParsingContext())
			.parse(new StringResource(script))) {
			statements.forEachRemaining((statement) -> blocks.add(words(statement.getSql())));
		}
		assertThat(blocks)
			.containsExactlyElementsOf(oracle.statements(script).stream().map(OracleScriptTests::words).toList());
	}

	private static String words(String sql) {
		return sql.replaceAll("(?m)^--.*$", "").replaceAll("\\s+", " ").strip();
	}

}
