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
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import dev.outbox.autoconfigure.store.jdbc.OutboxJdbcStoreAutoConfiguration;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.MissingSchemaException;
import dev.outbox.store.jdbc.OutboxSchema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.liquibase.autoconfigure.LiquibaseAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Instances of the next release start on the tables of each release so far, several at
 * once, and those of this one go on with the tables of the next.
 */
@ExtendWith(OutputCaptureExtension.class)
abstract class SchemaUpgradeContract {

	private static final int INSTANCES = 5;

	private static final String EVENT = "id, part, event_key, event_type, event_version, transport, destination,"
			+ " content_type, payload";

	private final TestDatabase<?> database;

	private final Product product;

	private final int newest;

	SchemaUpgradeContract(TestDatabase<?> database) {
		this.database = database;
		this.product = Product.of(database);
		this.newest = OtherRelease.newest(this.product.dialect());
	}

	@BeforeAll
	static void letLiquibaseAskMoreOftenForItsLock() {
		System.setProperty("liquibase.changelogLockPollRate", "1");
	}

	@AfterAll
	static void letLiquibaseBe() {
		System.clearProperty("liquibase.changelogLockPollRate");
	}

	@BeforeEach
	void newDatabase() {
		this.database.close();
	}

	@ParameterizedTest
	@EnumSource(mode = Mode.EXCLUDE, names = "AUTO")
	void eachReleasedVersionIsUpgradedWithItsRows(Way way) throws Exception {
		schema(this.newest + 1).create();
		Object expected = Catalogue.of(this.database, schemaName());
		for (int version = 1; version <= this.newest; version++) {
			this.database.close();
			start(way, version);
			fill();
			Map<String, Object> before = rows();
			assertThat(startAtOnce(way, this.newest + 1)).as("%s from %s", way, version).containsOnlyNulls();
			assertThat(Catalogue.of(this.database, schemaName())).isEqualTo(expected);
			assertThat(rows()).isEqualTo(before);
			assertThat(schema(this.newest + 1).version()).isEqualTo(String.valueOf(this.newest + 1));
		}
	}

	/**
	 * Not with Liquibase, which creates the table of its lock without a lock: on MariaDB
	 * and MySQL it fails where several instances find an empty database.
	 */
	@ParameterizedTest
	@EnumSource(names = { "CREATE", "AUTO", "FLYWAY" })
	void severalInstancesOfTheNextReleaseStartOnAnEmptyDatabase(Way way) throws Exception {
		assertThat(startAtOnce(way, this.newest + 1)).as("%s", way).containsOnlyNulls();
		assertThat(schema(this.newest + 1).version()).isEqualTo(String.valueOf(this.newest + 1));
	}

	/**
	 * The tables were made by the application once, but it cannot know by whom they are
	 * managed since.
	 */
	@Test
	void withoutAToolTheSqlOfTheNewVersionIsPrinted() {
		start(Way.AUTO, this.newest);
		MissingSchemaException missing = catchThrowableOfType(MissingSchemaException.class,
				() -> schema(this.newest + 1).validate(64));
		assertThat(missing.missing()).containsExactly("V" + (this.newest + 1) + "__next.sql");
		assertThat(missing.sql()).contains("ADD note varchar(100)").doesNotContain("CREATE TABLE");
		assertThat(run(Way.AUTO, this.newest + 1)).hasRootCauseInstanceOf(MissingSchemaException.class);
		this.database.sql(missing.sql());
		start(Way.AUTO, this.newest + 1);
	}

	@ParameterizedTest
	@EnumSource(names = { "CREATE", "FLYWAY", "AUTO_WITH_LIQUIBASE" })
	void thisReleaseGoesOnWithTheTablesOfTheNext(Way way, CapturedOutput output) {
		start(way, this.newest + 1);
		start(way, this.newest);
		assertThat(output).contains("are of schema version " + (this.newest + 1) + ", which is newer than the "
				+ this.newest + " that this version of the outbox knows");
		JdbcStoreHarness harness = new JdbcStoreHarness(this.database);
		harness.insert("a", "1", "2");
		assertThat(harness.scan().drain(10)).containsExactly("1", "2");
	}

	private List<Throwable> startAtOnce(Way way, int version) throws Exception {
		ExecutorService instances = Executors.newFixedThreadPool(INSTANCES);
		try {
			Callable<Throwable> instance = () -> run(way, version);
			List<Throwable> failures = new ArrayList<>();
			for (Future<Throwable> started : instances.invokeAll(Collections.nCopies(INSTANCES, instance))) {
				failures.add(started.get());
			}
			return failures;
		}
		finally {
			instances.shutdownNow();
		}
	}

	private void start(Way way, int version) {
		assertThat(run(way, version)).as("%s of %s", way, version).isNull();
	}

	private Throwable run(Way way, int version) {
		Throwable[] failure = new Throwable[1];
		boolean next = version > this.newest;
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, FlywayAutoConfiguration.class,
					LiquibaseAutoConfiguration.class, OutboxJdbcStoreAutoConfiguration.class))
			.withBean(JdbcDialect.class, () -> OtherRelease.of(this.product.dialect(), version))
			.withPropertyValues("spring.datasource.url=" + this.database.jdbcUrl(),
					"spring.datasource.username=" + this.database.user(),
					"spring.datasource.password=" + this.database.password(),
					"spring.datasource.hikari.maximum-pool-size=2", "outbox.schema.mode=" + way.mode,
					"spring.flyway.enabled=" + (way == Way.AUTO_WITH_FLYWAY),
					"spring.flyway.locations=classpath:it/boot/migration",
					"spring.liquibase.enabled=" + (way == Way.AUTO_WITH_LIQUIBASE),
					"spring.liquibase.change-log=classpath:"
							+ (next ? "it/liquibase/next.xml" : "dev/outbox/db/changelog/outbox.xml"))
			.run((context) -> failure[0] = context.getStartupFailure());
		return failure[0];
	}

	private OutboxSchema schema(int version) {
		return new OutboxSchema(OtherRelease.of(this.product.dialect(), version), this.database.dataSource(),
				JdbcStoreHarness.TABLES);
	}

	private String schemaName() {
		return (this.product == Product.POSTGRESQL) ? "public" : this.database.name();
	}

	/**
	 * Writes rows as the first release did.
	 */
	private void fill() {
		String now = this.product.fromNow(0);
		String event = this.product.randomId() + ", 7, 'k', 'order.placed', 1, 'test', 'orders', 'text/plain', 'abc'";
		this.database.sql("INSERT INTO outbox_event (" + EVENT + ") VALUES (" + event + ")",
				"INSERT INTO outbox_scheduled (" + EVENT + ", deliver_at) VALUES (" + event + ", " + now + ")",
				"INSERT INTO outbox_dead_letter (" + EVENT
						+ ", seq, created_at, attempts, died_at, error, fingerprint) VALUES (" + event
						+ ", 3, %1$s, 2, %1$s, 'refused', '0123456789abcdef')".formatted(now),
				"INSERT INTO outbox_archive (" + EVENT + ", seq, created_at, archived_at) VALUES (" + event
						+ ", 2, %1$s, %1$s)".formatted(now),
				"INSERT INTO outbox_idempotency (idempotency_key, id, created_at) VALUES ('once', "
						+ this.product.randomId() + ", " + now + ")",
				"INSERT INTO outbox_partition (transport, part) VALUES ('test', 7)",
				"INSERT INTO outbox_blocked_key (transport, destination, event_key, blocked_at, seq, id)"
						+ " VALUES ('test', 'orders', 'k', " + now + ", 3, " + this.product.randomId() + ")",
				"INSERT INTO outbox_destination_state (transport, destination, paused_at, paused_by)"
						+ " VALUES ('test', 'orders', " + now + ", 'ann')",
				"INSERT INTO outbox_audit (happened_at, operator, action, transport, destination) VALUES (" + now
						+ ", 'ann', 'PAUSE', 'test', 'orders')",
				"INSERT INTO outbox_backlog (number, claimed_at) VALUES (1, " + now + ")");
	}

	private Map<String, Object> rows() {
		Map<String, Object> rows = new LinkedHashMap<>();
		for (String table : List.of("event", "scheduled", "dead_letter", "archive", "idempotency", "partition",
				"blocked_key", "destination_state", "audit", "backlog")) {
			List<Map<String, Object>> found = this.database.query("SELECT * FROM outbox_" + table);
			assertThat(found).as(table).hasSize(1);
			Map<String, Object> row = new LinkedHashMap<>(found.get(0));
			row.remove("note");
			row.replaceAll((column, value) -> (value instanceof byte[] bytes) ? Arrays.toString(bytes) : value);
			rows.put(table, row);
		}
		rows.put("partitions", this.database.value("SELECT value FROM outbox_setting WHERE name = 'partitions'"));
		return rows;
	}

	/**
	 * Who migrates.
	 */
	enum Way {

		CREATE("create"), AUTO("auto"), FLYWAY("flyway"), AUTO_WITH_FLYWAY("auto"), AUTO_WITH_LIQUIBASE("auto");

		private final String mode;

		Way(String mode) {
			this.mode = mode;
		}

	}

}
