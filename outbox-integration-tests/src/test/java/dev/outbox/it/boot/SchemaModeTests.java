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

package dev.outbox.it.boot;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.outbox.autoconfigure.store.jdbc.OutboxJdbcStoreAutoConfiguration;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.fixtures.process.ForkedJvm;
import dev.outbox.store.jdbc.MissingSchemaException;
import dev.outbox.store.jdbc.PartitionCountException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * How the tables come into being.
 */
@ExtendWith(OutputCaptureExtension.class)
class SchemaModeTests {

	private static final String OUTBOX_TABLES = "SELECT count(*) FROM information_schema.tables "
			+ "WHERE table_name LIKE 'outbox%'";

	private static final String APPLICATION_MIGRATIONS = "spring.flyway.locations=classpath:it/boot/migration";

	private final PostgresDatabase database = PostgresDatabase.fresh();

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@Test
	void theApplicationsMigrationsAndOursBothRunOnAnEmptySchema() {
		start(APPLICATION_MIGRATIONS);
		assertThat(history("flyway_schema_history")).containsExactly("1");
		assertThat(history("outbox_schema_history")).containsExactly("0", "1");
		assertThat(this.database.number("SELECT count(*) FROM orders")).isZero();
		assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isZero();
		start(APPLICATION_MIGRATIONS);
	}

	@Test
	void theApplicationsMigrationsAndOursBothRunOnAPopulatedSchema() {
		this.database.sql("CREATE TABLE legacy (id text)");
		start(APPLICATION_MIGRATIONS, "spring.flyway.baseline-on-migrate=true", "spring.flyway.baseline-version=0");
		assertThat(history("flyway_schema_history")).containsExactly("0", "1");
		assertThat(history("outbox_schema_history")).containsExactly("0", "1");
	}

	@Test
	void withoutFlywayTheScriptsRun() {
		start(TestApplication.WITHOUT_FLYWAY);
		assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isZero();
		assertThat(this.database.value("SELECT to_regclass('outbox_schema_history')")).isNull();
	}

	@Test
	void tablesThatTheScriptsMadeAreAdoptedByFlyway() {
		start(TestApplication.WITHOUT_FLYWAY);
		start(TestApplication.WITHOUT_FLYWAY, "outbox.schema.mode=flyway");
		assertThat(history("outbox_schema_history")).containsExactly("1");
	}

	@Test
	void tablesHaveThePrefixAndTheSchemaThatTheyAreGiven() {
		this.database.sql("CREATE SCHEMA events");
		start(TestApplication.WITHOUT_FLYWAY, "outbox.store.schema=events", "outbox.store.table-prefix=shop_");
		assertThat(this.database.number("SELECT count(*) FROM events.shop_event")).isZero();
		assertThat(this.database.number(OUTBOX_TABLES)).isZero();
	}

	@Test
	void validatingChangesNothingAndNamesTheSqlThatHelps(CapturedOutput output) {
		Throwable failure = catchThrowable(() -> start(TestApplication.WITHOUT_FLYWAY, "outbox.schema.mode=validate"));
		MissingSchemaException missing = find(failure, MissingSchemaException.class);
		assertThat(missing.missing()).contains("outbox_event");
		assertThat(output).contains("The database has not all that the outbox needs. Missing: outbox_",
				"Nothing has been changed.", "or run this SQL:", "CREATE TABLE \"outbox_event\"",
				"The whole of it is printed by: unzip -p outbox-core-*.jar");
		assertThat(this.database.number(OUTBOX_TABLES)).isZero();
		this.database.sql(missing.sql());
		start(TestApplication.WITHOUT_FLYWAY, "outbox.schema.mode=validate");
	}

	@Test
	void aMissingColumnIsNamedWithTheSqlThatAddsIt(CapturedOutput output) {
		start(TestApplication.WITHOUT_FLYWAY);
		this.database.sql("ALTER TABLE outbox_event DROP COLUMN crashes");
		Throwable failure = catchThrowable(() -> start(TestApplication.WITHOUT_FLYWAY));
		MissingSchemaException missing = find(failure, MissingSchemaException.class);
		assertThat(missing.missing()).containsExactly("outbox_event.crashes");
		String sql = "ALTER TABLE \"outbox_event\" ADD crashes smallint NOT NULL DEFAULT 0;";
		assertThat(missing).hasMessageContaining(sql);
		assertThat(output).contains("Missing: outbox_event.crashes. Nothing has been changed.",
				"or run this SQL:" + System.lineSeparator() + System.lineSeparator() + sql);
		this.database.sql(missing.sql());
		start(TestApplication.WITHOUT_FLYWAY);
	}

	@Test
	void noneNeitherCreatesNorChecks() {
		start(TestApplication.WITHOUT_FLYWAY, "outbox.schema.mode=none");
		assertThat(this.database.number(OUTBOX_TABLES)).isZero();
	}

	@Test
	void aUserWhoMayNotCreateTablesIsToldWhatIsMissing() {
		this.database.sql("DROP ROLE IF EXISTS reader", "CREATE ROLE reader LOGIN PASSWORD 'reader'");
		Throwable failure = catchThrowable(() -> start(TestApplication.WITHOUT_FLYWAY,
				"spring.datasource.username=reader", "spring.datasource.password=reader"));
		assertThat(find(failure, MissingSchemaException.class).sql()).contains("CREATE TABLE");
	}

	@Test
	void anotherNumberOfPartitionsIsRefused(CapturedOutput output) {
		start(TestApplication.WITHOUT_FLYWAY);
		Throwable failure = catchThrowable(() -> start(TestApplication.WITHOUT_FLYWAY, "outbox.relay.partitions=32"));
		PartitionCountException changed = find(failure, PartitionCountException.class);
		assertThat(changed.stored()).isEqualTo(64);
		assertThat(changed.configured()).isEqualTo(32);
		assertThat(output).contains("first used with 64 partitions, but 'outbox.relay.partitions' is 32.",
				"Nothing has been changed", "Set 'outbox.relay.partitions' to 64, the same on all instances.");
	}

	/**
	 * Two instances of an application start at the same time on a database that has never
	 * seen one.
	 */
	@Test
	void fiftyPairsOfInitializersStartOnEmptySchemas() throws Exception {
		ExecutorService pair = Executors.newFixedThreadPool(2);
		try {
			for (int i = 0; i < 50; i++) {
				String schema = "pair_" + i;
				this.database.sql("CREATE SCHEMA " + schema);
				String mode = (i % 2 == 0) ? "create" : "flyway";
				Callable<Throwable> instance = () -> initialize(schema, mode);
				List<Throwable> failures = new ArrayList<>();
				for (Future<Throwable> started : pair.invokeAll(List.of(instance, instance))) {
					failures.add(started.get());
				}
				assertThat(failures).as("%s by %s", schema, mode).containsOnlyNulls();
				assertThat(this.database.number("SELECT count(*) FROM " + schema + ".outbox_setting")).isEqualTo(2);
			}
		}
		finally {
			pair.shutdownNow();
		}
	}

	@Test
	void threePairsOfProcessesStartOnEmptyDatabases() {
		for (int i = 0; i < 3; i++) {
			try (PostgresDatabase empty = PostgresDatabase.fresh();
					ForkedJvm one = fork(empty);
					ForkedJvm other = fork(empty)) {
				assertThat(List.of(one.awaitExit(), other.awaitExit())).as("%s%n%s", one.lines(), other.lines())
					.containsOnly(0);
				assertThat(empty.number("SELECT count(*) FROM outbox_setting")).isEqualTo(2);
			}
		}
	}

	private static ForkedJvm fork(PostgresDatabase empty) {
		return ForkedJvm.of(StartAndStop.class).arguments(empty.jdbcUrl(), empty.user(), empty.password()).start();
	}

	private Throwable initialize(String schema, String mode) {
		Throwable[] failure = new Throwable[1];
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, OutboxJdbcStoreAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=" + this.database.jdbcUrl(),
					"spring.datasource.username=" + this.database.user(),
					"spring.datasource.password=" + this.database.password(),
					"spring.datasource.hikari.maximum-pool-size=2", "outbox.store.schema=" + schema,
					"outbox.schema.mode=" + mode)
			.run((context) -> failure[0] = context.getStartupFailure());
		return failure[0];
	}

	private void start(String... properties) {
		TestApplication application = TestApplication.of(JdbcApplication.class, this.database)
			.with(TestApplication.WITHOUT_JPA, "outbox.relay.enabled=false", "outbox.transport=kafka")
			.with(properties);
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(context.isActive()).isTrue();
		}
	}

	private List<String> history(String table) {
		return this.database
			.query("SELECT version FROM " + table + " WHERE version IS NOT NULL ORDER BY installed_rank")
			.stream()
			.map(Map::values)
			.map((values) -> values.iterator().next().toString())
			.toList();
	}

	private static <T extends Throwable> T find(Throwable failure, Class<T> type) {
		Throwable cause = failure;
		while (cause != null && !type.isInstance(cause)) {
			cause = cause.getCause();
		}
		assertThat(cause).as("%s in %s", type, failure).isInstanceOf(type);
		return type.cast(cause);
	}

}
