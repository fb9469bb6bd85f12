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

import java.io.IOException;
import java.io.Reader;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.h2.H2Dialect;
import dev.outbox.store.jdbc.postgres.PostgresDialect;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.resource.LoadableResource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.util.FileCopyUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Migrations as Flyway gets them, also from a native image.
 */
class PackagedMigrationsTests {

	private final JdbcDialect dialect = new PostgresDialect();

	private final PackagedMigrations migrations = new PackagedMigrations(this.dialect);

	@Test
	void flywayFindsThemByPrefixAndSuffix() throws IOException {
		Collection<LoadableResource> found = this.migrations.getResources("V", new String[] { ".sql" });
		assertThat(found).extracting(LoadableResource::getFilename)
			.containsExactlyElementsOf(this.dialect.migrations());
		try (Reader script = found.iterator().next().read()) {
			assertThat(FileCopyUtils.copyToString(script)).contains("CREATE TABLE");
		}
	}

	@Test
	void nothingElseIsThere() {
		assertThat(this.migrations.getResources("R", new String[] { ".sql" })).isEmpty();
		assertThat(this.migrations.getResources("V", new String[] { ".conf" })).isEmpty();
		assertThat(this.migrations.getResource("V1__outbox.sql.conf")).isNull();
	}

	/**
	 * Flyway compares what it has run with what is there now.
	 */
	@Test
	void aHistoryOfScriptsThatFlywayHadSearchedForIsGoodForThese() {
		JdbcDataSource database = new JdbcDataSource();
		database.setUrl("jdbc:h2:mem:history;DB_CLOSE_DELAY=-1");
		H2Dialect h2 = new H2Dialect();
		FluentConfiguration searched = Flyway.configure()
			.dataSource(database)
			.placeholders(Map.of("prefix", "outbox_"))
			.locations("classpath:" + OutboxSchema.location(h2));
		assertThat(searched.load().migrate().migrationsExecuted).isEqualTo(h2.migrations().size());
		Flyway packaged = new FluentConfiguration().configuration(searched)
			.resourceProvider(new PackagedMigrations(h2))
			.javaMigrationClassProvider(List::of)
			.load();
		packaged.validate();
		assertThat(packaged.migrate().migrationsExecuted).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "h2", "mariadb", "mysql", "oracle", "postgresql", "sqlite", "sqlserver" })
	void aNativeImageKeepsThem(String database) {
		RuntimeHints hints = new RuntimeHints();
		AotServices.factories()
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter(MigrationHints.class::isInstance)
			.forEach((registrar) -> registrar.registerHints(hints, null));
		String script = OutboxSchema.location(this.dialect).replace("postgresql", database) + "/V1__outbox.sql";
		assertThat(getClass().getClassLoader().getResource(script)).isNotNull();
		assertThat(RuntimeHintsPredicates.resource().forResource(script)).accepts(hints);
	}

}
