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

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import dev.outbox.doctor.Diagnosis;
import dev.outbox.doctor.Doctor;
import dev.outbox.doctor.Examination;
import dev.outbox.doctor.ExaminationSettings;
import dev.outbox.doctor.Finding;
import dev.outbox.doctor.Severity;
import dev.outbox.fixtures.postgres.EnabledIfPgBouncer;
import dev.outbox.fixtures.postgres.PgBouncer;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.jdbc.ExaminedDatabase;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postgresql.PGConnection;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the doctor finds on PostgreSQL.
 */
class PostgresExaminationTests extends ExaminationContract {

	private static final Duration SHORT = Duration.ofMillis(200);

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	@Override
	PostgresDatabase database() {
		return database;
	}

	@Test
	void tablesInASchemaOfTheirOwnAreFound() {
		database.sql("CREATE SCHEMA IF NOT EXISTS sales");
		TableNames tables = new TableNames("sales", "shop_");
		new OutboxSchema(dialect(), database.dataSource(), tables).create();
		ExaminedDatabase examined = new ExaminedDatabase(database.dataSource(), null, tables, settings(LONG));
		List<Examination> all = dialect().examinations(examined);
		assertThat(new Doctor(all, LONG, Clock.systemUTC(), UnaryOperator.identity()).examine().findings()).isEmpty();
		database.sql("DROP INDEX sales.shop_event_xid",
				"ALTER TABLE sales.shop_audit SET (autovacuum_enabled = false)");
		assertThat(new Doctor(all, LONG, Clock.systemUTC(), UnaryOperator.identity()).examine().findings())
			.extracting(Finding::code)
			.containsExactly("autovacuum-off", "missing-index");
		database.sql("DROP SCHEMA sales CASCADE");
	}

	@Test
	void anIndexThatCannotBeUsedIsAsGoodAsNone() {
		valid("outbox_event_key", false);
		assertThat(only(examine(LONG), "missing-index").subject()).isEqualTo("outbox_event.outbox_event_key");
		valid("outbox_event_key", true);
	}

	private static void valid(String index, boolean valid) {
		database.sql("UPDATE pg_index SET indisvalid = " + valid + " WHERE indexrelid = '" + index + "'::regclass");
	}

	@Test
	void anotherIndexThatBeginsWithTheSameColumnsDoes() {
		database.sql("ALTER INDEX outbox_event_xid RENAME TO mine");
		assertThat(examine(LONG).findings()).isEmpty();
		database.sql("ALTER INDEX mine RENAME TO outbox_event_xid");
	}

	@Test
	void aTableWithoutAPrimaryKeyIsAnError() {
		database.sql("ALTER TABLE outbox_event DROP CONSTRAINT outbox_event_pkey");
		assertThat(only(examine(LONG), "missing-index").severity()).isEqualTo(Severity.ERROR);
		database.sql("ALTER TABLE outbox_event ADD PRIMARY KEY (seq)");
	}

	@ParameterizedTest
	@CsvSource({ "outbox_event", "outbox_archive_default" })
	void aTableThatIsNotVacuumedIsAnError(String table) {
		database.sql("ALTER TABLE " + table + " SET (autovacuum_enabled = off)");
		Finding finding = only(examine(LONG), "autovacuum-off");
		assertThat(finding.subject()).isEqualTo(table);
		database.sql(finding.action().replace("Run: ", ""));
		assertThat(examine(LONG).findings()).isEmpty();
	}

	@Test
	void aTableThatIsVacuumedTooLateIsAWarning() {
		database.sql("ALTER TABLE outbox_event RESET (autovacuum_vacuum_scale_factor)");
		Finding finding = only(examine(LONG), "autovacuum-lazy");
		database.sql(finding.action().replace("Run: ", ""));
		assertThat(examine(LONG).findings()).isEmpty();
		database.sql("ALTER TABLE outbox_event SET (autovacuum_vacuum_cost_delay = 20)");
		assertThat(only(examine(LONG), "autovacuum-lazy").problem()).contains("20.0 ms");
		database.sql("ALTER TABLE outbox_event SET (autovacuum_vacuum_cost_delay = 0)");
	}

	@Test
	void aDatabaseThatCountsNothingIsNotVacuumed() {
		database.sql("ALTER DATABASE " + database.name() + " SET track_counts = off");
		assertThat(only(examine(LONG), "autovacuum-off").subject()).isEqualTo("track_counts");
		database.sql("ALTER DATABASE " + database.name() + " RESET track_counts");
	}

	@Test
	void aServerThatDoesNotVacuumIsAnError() {
		database.sql("ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()");
		try {
			await().untilAsserted(
					() -> assertThat(only(examine(LONG), "autovacuum-off").subject()).isEqualTo("autovacuum"));
		}
		finally {
			database.sql("ALTER SYSTEM RESET autovacuum", "SELECT pg_reload_conf()");
		}
		await().untilAsserted(() -> assertThat(examine(LONG).findings()).isEmpty());
	}

	@Test
	void aSessionThatHoldsTheHorizonBackIsNamedWithItsAge() throws SQLException {
		try (Connection session = database.dataSource().getConnection();
				Statement statement = session.createStatement()) {
			session.setAutoCommit(false);
			statement.execute("SET application_name = 'nightly-report'");
			session.commit();
			statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ");
			statement.executeQuery("SELECT count(*) FROM outbox_event").close();
			assertThat(examine(LONG).findings()).isEmpty();
			await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
				Finding finding = only(examine(SHORT), "horizon-held-back");
				assertThat(finding.subject()).isEqualTo("session " + pid(session) + " of postgres (nightly-report)");
				assertThat(finding.problem()).containsPattern("has had a transaction open for \\d{1,2} s");
				assertThat(finding.action()).contains("pg_terminate_backend(" + pid(session) + ")");
			});
			session.rollback();
		}
		awaitHealthy();
	}

	@Test
	void aSessionThatIsIdleInATransactionIsNamed() throws SQLException {
		try (Connection session = database.dataSource().getConnection();
				Statement statement = session.createStatement()) {
			session.setAutoCommit(false);
			// A query would leave its snapshot open until the next statement.
			statement.execute("SET LOCAL statement_timeout = 0");
			int pid = pid(session);
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(only(examine(SHORT), "idle-in-transaction").subject())
					.startsWith("session " + pid + " "));
			session.rollback();
		}
		awaitHealthy();
	}

	/**
	 * Its number is in the way of reads of all databases.
	 */
	@Test
	void aSessionThatHasWrittenToAnotherDatabaseHoldsTheHorizonBackToo() throws SQLException {
		DataSource other = database.server().dataSource("postgres");
		try (Connection session = other.getConnection(); Statement statement = session.createStatement()) {
			session.setAutoCommit(false);
			statement.execute("SELECT pg_current_xact_id()");
			await().atMost(Duration.ofSeconds(30))
				.untilAsserted(() -> assertThat(only(examine(SHORT), "horizon-held-back")).isNotNull());
			session.rollback();
		}
		awaitHealthy();
	}

	/**
	 * A session of the test before may take a moment to end.
	 */
	private void awaitHealthy() {
		await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(examine(SHORT).findings()).isEmpty());
	}

	@Test
	void whoMayNotSeeTheSessionsOfOthersIsTold() throws SQLException {
		database.sql("CREATE ROLE " + database.name() + "_poor LOGIN",
				"GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + database.name() + "_poor");
		try (Connection session = database.dataSource().getConnection();
				Statement statement = session.createStatement()) {
			session.setAutoCommit(false);
			statement.execute("SELECT 1");
			Diagnosis diagnosis = examine(
					new DriverManagerDataSource(database.jdbcUrl(), database.name() + "_poor", ""), null,
					settings(SHORT));
			Finding finding = only(diagnosis, "sessions-hidden");
			assertThat(finding.severity()).isEqualTo(Severity.NOTE);
			assertThat(finding.action()).contains("pg_read_all_stats");
			session.rollback();
		}
		finally {
			database.sql("DROP OWNED BY " + database.name() + "_poor", "DROP ROLE " + database.name() + "_poor");
		}
	}

	@Test
	@EnabledIfPgBouncer
	void aPoolerInTransactionModeIsFound() {
		try (PgBouncer pooler = PgBouncer.start(database.server(), database.name(), "transaction")) {
			Finding finding = only(examine(database.dataSource(), pooler.dataSource(), settings(LONG)),
					"pooler-in-transaction-mode");
			assertThat(finding.severity()).isEqualTo(Severity.WARNING);
			assertThat(finding.action()).contains("outbox.relay.datasource.listen=false");
		}
		try (PgBouncer pooler = PgBouncer.start(database.server(), database.name(), "session")) {
			assertThat(examine(database.dataSource(), pooler.dataSource(), settings(LONG)).findings()).isEmpty();
		}
		assertThat(examine(database.dataSource(), database.dataSource(), settings(LONG)).findings()).isEmpty();
	}

	@Test
	void aPoolerThatNobodyListensThroughIsNoted() {
		Finding finding = only(examine(new AnotherSessionEachTime(database.dataSource()), null, settings(LONG)),
				"pooler-in-transaction-mode");
		assertThat(finding.severity()).isEqualTo(Severity.NOTE);
	}

	private static ExaminationSettings settings(Duration maxTransactionAge) {
		return new ExaminationSettings(Clock.systemUTC(), Duration.ofSeconds(10), maxTransactionAge, LONG);
	}

	private static int pid(Connection session) throws SQLException {
		return session.unwrap(PGConnection.class).getBackendPID();
	}

}
