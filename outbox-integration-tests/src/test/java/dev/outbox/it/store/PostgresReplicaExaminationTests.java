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

import dev.outbox.doctor.Doctor;
import dev.outbox.doctor.ExaminationSettings;
import dev.outbox.doctor.Finding;
import dev.outbox.doctor.Severity;
import dev.outbox.fixtures.postgres.PostgresServer;
import dev.outbox.fixtures.postgres.PostgresSettings;
import dev.outbox.store.jdbc.ExaminedDatabase;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.postgres.PostgresDialect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the doctor finds on a PostgreSQL of its own, and on its standby.
 */
class PostgresReplicaExaminationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final Duration LONG = Duration.ofMinutes(5);

	private static PostgresServer primary;

	private static PostgresServer standby;

	@BeforeAll
	static void start() {
		PostgresSettings settings = PostgresSettings.fast().with("max_prepared_transactions", 5);
		primary = PostgresServer.start(settings);
		OutboxSchema schema = new OutboxSchema(new PostgresDialect(), data(primary), JdbcStoreHarness.TABLES);
		schema.create();
		standby = PostgresServer.standbyOf(primary,
				settings.with("hot_standby_feedback", "on").with("wal_receiver_status_interval", "1s"));
	}

	@AfterAll
	static void stop() {
		standby.close();
		primary.close();
	}

	@Test
	void aReplicaThatKeepsUpIsHealthy() {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(examine(primary, LONG)).isEmpty());
	}

	@Test
	void aStandbyIsNotAnOutbox() {
		Finding finding = examine(standby, LONG).get(0);
		assertThat(finding.code()).isEqualTo("database-is-replica");
		assertThat(finding.severity()).isEqualTo(Severity.ERROR);
	}

	@Test
	void aReplicaThatIsBehindIsNamed() {
		standby.sql("postgres").query("SELECT pg_wal_replay_pause()");
		await().atMost(PATIENCE).untilAsserted(() -> {
			primary.sql("postgres").execute("UPDATE outbox_setting SET value = value");
			assertThat(examine(primary, Duration.ofMillis(500))).anySatisfy((finding) -> {
				assertThat(finding.code()).isEqualTo("replica-lag");
				assertThat(finding.subject()).startsWith("replica standby (pid ");
			});
		});
		standby.sql("postgres").query("SELECT pg_wal_replay_resume()");
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(examine(primary, LONG)).isEmpty());
	}

	@Test
	void aSlotThatNobodyUsesHoldsTheHorizonBack() {
		standby.stop();
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(examine(primary, LONG)).singleElement().satisfies((finding) -> {
				assertThat(finding.code()).isEqualTo("horizon-held-back");
				assertThat(finding.subject()).isEqualTo("replication slot 'standby'");
			}));
		standby.start();
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(examine(primary, LONG)).isEmpty());
	}

	@Test
	void aTransactionThatWasPreparedAndForgottenIsNamed() throws SQLException {
		try (Connection session = data(primary).getConnection(); Statement statement = session.createStatement()) {
			statement.execute("BEGIN");
			statement.execute("UPDATE outbox_setting SET value = value");
			statement.execute("PREPARE TRANSACTION 'forgotten'");
			ExaminationSettings settings = new ExaminationSettings(Clock.systemUTC(), LONG, Duration.ofMillis(200),
					LONG);
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(examine(primary, settings)).extracting(Finding::subject)
					.contains("prepared transaction 'forgotten'"));
			statement.execute("ROLLBACK PREPARED 'forgotten'");
		}
	}

	private static List<Finding> examine(PostgresServer server, Duration maxReplicaLag) {
		return examine(server, new ExaminationSettings(Clock.systemUTC(), LONG, LONG, maxReplicaLag));
	}

	private static List<Finding> examine(PostgresServer server, ExaminationSettings settings) {
		ExaminedDatabase database = new ExaminedDatabase(data(server), null, JdbcStoreHarness.TABLES, settings);
		return new Doctor(new PostgresDialect().examinations(database), PATIENCE, settings.clock(),
				UnaryOperator.identity())
			.examine()
			.findings();
	}

	private static DataSource data(PostgresServer server) {
		return server.dataSource("postgres");
	}

}
