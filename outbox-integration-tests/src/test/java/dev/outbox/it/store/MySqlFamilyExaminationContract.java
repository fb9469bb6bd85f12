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

import dev.outbox.doctor.Diagnosis;
import dev.outbox.doctor.ExaminationSettings;
import dev.outbox.doctor.Finding;
import dev.outbox.doctor.Severity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the doctor finds on MariaDB and MySQL.
 */
abstract class MySqlFamilyExaminationContract extends ExaminationContract {

	@Override
	String dropIndex(String table, String index) {
		return "DROP INDEX " + index + " ON " + table;
	}

	@ParameterizedTest
	@ValueSource(strings = { "SYSTEM", "-05:00", "+05:00" })
	void aTransactionThatIsOpenForLongIsNamed(String timeZone) throws SQLException {
		database().sql("SET GLOBAL time_zone = '" + timeZone + "'");
		try (Connection session = database().dataSource().getConnection();
				Statement statement = session.createStatement()) {
			session.setAutoCommit(false);
			statement.executeQuery("SELECT count(*) FROM outbox_event").close();
			await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
				Finding finding = only(examine(Duration.ofMillis(500)), "idle-in-transaction");
				assertThat(finding.subject()).startsWith("session ");
				assertThat(finding.action()).contains("KILL ");
			});
			assertThat(examine(LONG).findings()).isEmpty();
			session.rollback();
			// InnoDB tells what it knew a moment ago.
			await().untilAsserted(() -> assertThat(examine(Duration.ofMillis(500)).findings()).isEmpty());
		}
		finally {
			database().sql("SET GLOBAL time_zone = 'SYSTEM'");
		}
	}

	/**
	 * Who may not see the transactions of others is told so.
	 */
	@Test
	void aMissingRightIsANote() {
		database().sql("CREATE USER IF NOT EXISTS poor@'%'", "GRANT ALL ON " + database().name() + ".* TO poor@'%'");
		Diagnosis diagnosis = examine(as("poor"), null,
				new ExaminationSettings(Clock.systemUTC(), Duration.ofSeconds(10), LONG, LONG));
		Finding finding = only(diagnosis, "sessions-hidden");
		assertThat(finding.severity()).isEqualTo(Severity.NOTE);
		assertThat(finding.action()).contains("GRANT PROCESS");
	}

	private DriverManagerDataSource as(String user) {
		return new DriverManagerDataSource(database().jdbcUrl(), user, "");
	}

}
