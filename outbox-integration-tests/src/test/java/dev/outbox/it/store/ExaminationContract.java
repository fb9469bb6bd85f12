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

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import dev.outbox.doctor.Diagnosis;
import dev.outbox.doctor.Doctor;
import dev.outbox.doctor.ExaminationSettings;
import dev.outbox.doctor.Finding;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.store.jdbc.ExaminedDatabase;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.OutboxSchema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the doctor finds on every relational database.
 */
abstract class ExaminationContract {

	static final Duration LONG = Duration.ofMinutes(5);

	abstract TestDatabase<?> database();

	@BeforeEach
	void createTables() {
		new OutboxSchema(dialect(), database().dataSource(), JdbcStoreHarness.TABLES).create();
	}

	@Test
	void nothingIsWrongWithAHealthyDatabase() {
		Diagnosis diagnosis = examine(LONG);
		assertThat(diagnosis.findings()).isEmpty();
		assertThat(diagnosis.healthy()).contains("indexes", "clock", "database-role");
	}

	@Test
	void anIndexThatIsGoneIsNamedWithWhatCreatesIt() {
		database().sql(dropIndex("outbox_dead_letter", "dead_letter_time"));
		Finding finding = only(examine(LONG), "missing-index");
		assertThat(finding.subject()).contains("dead_letter_time");
		String statement = finding.action().replaceFirst("Run: ", "").replaceFirst("\\. Writers.*", "");
		assertThat(statement).startsWith("CREATE INDEX");
		database().sql(statement);
		assertThat(examine(LONG).findings()).isEmpty();
	}

	@Test
	void aClockThatIsWrongIsAFinding() {
		Clock wrong = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-90));
		ExaminationSettings settings = new ExaminationSettings(wrong, Duration.ofSeconds(1), LONG, LONG);
		assertThat(only(examine(settings), "clock-skew").problem())
			.containsPattern("\\b(8[89]|9[0-4])\\d{3} ms ahead of");
	}

	/**
	 * Returns the statement that drops an index, whose name has the prefix where the
	 * names of indexes are those of a schema.
	 */
	String dropIndex(String table, String index) {
		return "DROP INDEX outbox_" + index;
	}

	final JdbcDialect dialect() {
		return Product.of(database()).dialect();
	}

	final Diagnosis examine(Duration maxTransactionAge) {
		return examine(new ExaminationSettings(Clock.systemUTC(), Duration.ofSeconds(10), maxTransactionAge, LONG));
	}

	final Diagnosis examine(ExaminationSettings settings) {
		return examine(database().dataSource(), null, settings);
	}

	final Diagnosis examine(DataSource dataSource, @Nullable DataSource listening, ExaminationSettings settings) {
		ExaminedDatabase database = new ExaminedDatabase(dataSource, listening, JdbcStoreHarness.TABLES, settings);
		return new Doctor(dialect().examinations(database), Duration.ofSeconds(60), settings.clock(),
				UnaryOperator.identity())
			.examine();
	}

	static Finding only(Diagnosis diagnosis, String code) {
		List<Finding> found = diagnosis.findings();
		assertThat(found).singleElement().extracting(Finding::code).isEqualTo(code);
		return found.get(0);
	}

}
