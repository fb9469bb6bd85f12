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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.MissingSchemaException;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import liquibase.exception.LiquibaseException;
import liquibase.integration.spring.SpringLiquibase;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import org.springframework.core.io.DefaultResourceLoader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * There are several ways to the same tables, all from the same files.
 */
abstract class SchemaWaysContract {

	private static final String CHANGELOG = "classpath:it/liquibase/changelog.xml";

	private final TestDatabase<?> database;

	private final JdbcDialect dialect;

	private String one;

	private String other;

	SchemaWaysContract(TestDatabase<?> database) {
		this.database = database;
		this.dialect = Product.of(database).dialect();
	}

	@BeforeEach
	void newSchemas() {
		this.one = newSchema("_one");
		this.other = newSchema("_other");
	}

	private String newSchema(String suffix) {
		String name = this.database.name() + suffix;
		this.database.sql("CREATE SCHEMA " + name);
		return name;
	}

	@AfterEach
	void dropSchemas() {
		String cascade = (Product.of(this.database) == Product.POSTGRESQL) ? " CASCADE" : "";
		this.database.sql("DROP SCHEMA " + this.one + cascade, "DROP SCHEMA " + this.other + cascade);
		this.database.close();
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "CREATE")
	void everyWayGivesTheSameTables(Way way) {
		Way.CREATE.run(this, this.one);
		way.run(this, this.other);
		assertThat(Catalogue.of(this.database, this.other)).allSatisfy((part) -> assertThat(part).isNotEmpty())
			.isEqualTo(Catalogue.of(this.database, this.one));
		schema(this.other, "outbox_").validate(64);
		assertThat(schema(this.other, "outbox_").create()).isZero();
	}

	@Test
	void theChangelogTakesPrefixAndSchema() throws LiquibaseException {
		liquibase(CHANGELOG, Map.of("outbox.table-prefix", "shop_", "outbox.schema", this.one));
		schema(this.one, "shop_").validate(64);
		assertThat(new OutboxSchema(this.dialect, this.database.dataSource(), new TableNames(null, "shop_")).exists())
			.isFalse();
		assertThat(this.database.number("SELECT count(*) FROM orders")).isZero();
	}

	@Test
	void theChangelogLeavesAloneWhatTheScriptsHaveCreated() throws LiquibaseException {
		schema(this.one, "outbox_").create();
		schema(this.one, "outbox_").validate(64);
		for (int i = 0; i < 2; i++) {
			liquibase(CHANGELOG, Map.of("outbox.schema", this.one));
		}
		schema(this.one, "outbox_").validate(64);
	}

	@Test
	void aPropertyOfTheApplicationDoesNotBecomeTheNameOfATable() {
		assertThatThrownBy(() -> liquibase("classpath:it/liquibase/changelog-with-own-prefix.xml", Map.of()))
			.hasStackTraceContaining("Declare the application's with global=\"false\"");
	}

	/**
	 * What can be dropped comes back. Settings are rows that no default can stand for.
	 */
	@Test
	void theSqlInTheFailureBringsBackWhatIsMissing() {
		OutboxSchema schema = schema(this.one, "outbox_");
		schema.create();
		List<Map<String, Object>> columns = this.database.query("""
				SELECT table_name AS t, column_name AS c FROM information_schema.columns
				WHERE table_schema = ? AND table_name <> 'outbox_archive_default' ORDER BY 1, 2""", this.one);
		int dropped = 0;
		for (Map<String, Object> column : columns) {
			String name = column.get("t") + "." + column.get("c");
			if (!name.startsWith("outbox_setting.") && dropColumn(column)) {
				dropped++;
				assertThat(repair(schema).missing()).containsExactly(name);
			}
		}
		assertThat(dropped).isGreaterThan(80);
		List<String> tables = columns.stream().map((column) -> String.valueOf(column.get("t"))).distinct().toList();
		assertThat(tables).hasSizeGreaterThanOrEqualTo(10);
		for (String table : tables) {
			this.database.sql("DROP TABLE " + this.one + '.' + table);
			assertThat(repair(schema).missing()).containsExactly(table);
		}
		schema(this.other, "outbox_").create();
		assertThat(Catalogue.of(this.database, this.one)).isEqualTo(Catalogue.of(this.database, this.other));
	}

	private MissingSchemaException repair(OutboxSchema schema) {
		MissingSchemaException missing = catchThrowableOfType(MissingSchemaException.class, () -> schema.validate(64));
		this.database.sql(missing.sql());
		schema.validate(64);
		return missing;
	}

	private boolean dropColumn(Map<String, Object> column) {
		String cascade = (Product.of(this.database) == Product.POSTGRESQL) ? " CASCADE" : "";
		try {
			this.database
				.sql("ALTER TABLE " + this.one + '.' + column.get("t") + " DROP COLUMN " + column.get("c") + cascade);
			return true;
		}
		catch (IllegalStateException ex) {
			return false;
		}
	}

	private OutboxSchema schema(String name, String prefix) {
		return new OutboxSchema(this.dialect, this.database.dataSource(), new TableNames(name, prefix));
	}

	private void liquibase(String changelog, Map<String, String> parameters) throws LiquibaseException {
		SpringLiquibase liquibase = new SpringLiquibase();
		liquibase.setDataSource(this.database.dataSource());
		liquibase.setResourceLoader(new DefaultResourceLoader());
		liquibase.setChangeLog(changelog);
		liquibase.setChangeLogParameters(new HashMap<>(parameters));
		liquibase.afterPropertiesSet();
	}

	/**
	 * How tables come into being.
	 */
	enum Way {

		CREATE {

			@Override
			void run(SchemaWaysContract test, String schema) {
				assertThat(test.schema(schema, "outbox_").create()).isOne();
			}

		},

		PLAIN_SQL {

			@Override
			void run(SchemaWaysContract test, String schema) {
				Path page = Path.of("..", "docs", "reference", "sql", test.dialect.name() + ".sql");
				boolean postgres = Product.of(test.database) == Product.POSTGRESQL;
				try {
					test.database
						.sql((postgres ? "SET search_path TO " : "USE ") + schema + "; " + Files.readString(page));
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}

		},

		FLYWAY {

			@Override
			void run(SchemaWaysContract test, String schema) {
				DataSource dataSource = test.database.dataSource();
				Flyway.configure()
					.dataSource(dataSource)
					.locations("classpath:" + OutboxSchema.location(test.dialect))
					.schemas(schema)
					.defaultSchema(schema)
					.table("outbox_schema_history")
					.baselineOnMigrate(true)
					.baselineVersion("0")
					.placeholders(Map.of("prefix", "outbox_"))
					.load()
					.migrate();
			}

		},

		LIQUIBASE {

			@Override
			void run(SchemaWaysContract test, String schema) {
				try {
					test.liquibase(CHANGELOG, Map.of("outbox.schema", schema));
				}
				catch (LiquibaseException ex) {
					throw new IllegalStateException(ex);
				}
			}

		};

		abstract void run(SchemaWaysContract test, String schema);

	}

}
