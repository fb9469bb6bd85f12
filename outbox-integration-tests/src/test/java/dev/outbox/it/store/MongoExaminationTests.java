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

import dev.outbox.doctor.Doctor;
import dev.outbox.doctor.ExaminationSettings;
import dev.outbox.doctor.Finding;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.store.mongo.MongoSchema;
import dev.outbox.store.mongo.MongoStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the doctor finds on MongoDB.
 */
class MongoExaminationTests {

	private static final Duration LONG = Duration.ofMinutes(5);

	@RegisterExtension
	static MongoTestDatabase database = MongoTestDatabase.fresh();

	@BeforeEach
	void create() {
		new MongoSchema(database.client(), database.name(), MongoStoreHarness.NAMES, null).create();
	}

	@Test
	void nothingIsWrongWithAHealthyDatabase() {
		assertThat(examine(Clock.systemUTC())).isEmpty();
	}

	@Test
	void anIndexThatIsGoneIsNamedWithWhatCreatesIt() {
		database.client().getDatabase(database.name()).getCollection("outbox_dead_letter").dropIndex("outbox_died");
		assertThat(examine(Clock.systemUTC())).singleElement().satisfies((finding) -> {
			assertThat(finding.code()).isEqualTo("missing-index");
			assertThat(finding.subject()).isEqualTo("index outbox_died of outbox_dead_letter");
			assertThat(finding.action()).contains("db.outbox_dead_letter.createIndex(");
		});
		create();
		assertThat(examine(Clock.systemUTC())).isEmpty();
	}

	@Test
	void aClockThatIsWrongIsAFinding() {
		assertThat(examine(Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2)))).singleElement()
			.satisfies((finding) -> assertThat(finding.problem()).contains("ms behind"));
	}

	private static List<Finding> examine(Clock clock) {
		ExaminationSettings settings = new ExaminationSettings(clock, Duration.ofSeconds(10), LONG, LONG);
		MongoStore store = new MongoStore(database.client(), database.name(), MongoStoreHarness.NAMES);
		return new Doctor(store.examinations(settings), Duration.ofSeconds(60), clock, UnaryOperator.identity())
			.examine()
			.findings();
	}

}
