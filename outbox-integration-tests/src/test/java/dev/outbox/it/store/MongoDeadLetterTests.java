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

import java.time.Duration;
import java.time.Instant;
import java.util.List;

import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.GivenUp;
import dev.outbox.test.contract.Deaths;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What operators do with dead letters in MongoDB.
 */
class MongoDeadLetterTests extends DatabaseDeadLetterContract {

	@RegisterExtension
	static MongoTestDatabase database = MongoTestDatabase.fresh();

	private MongoStoreHarness harness;

	@BeforeEach
	void empty() {
		this.harness = new MongoStoreHarness(database);
	}

	@Override
	protected MongoStoreHarness harness() {
		return this.harness;
	}

	/**
	 * What the server takes for a pattern, a field or the end of a text.
	 */
	@Test
	void aPartOfAnErrorIsTakenLiterally() {
		String error = "Refused: $error (.*) is \\E too \"long\"\n";
		new Deaths(this.harness).of("a", new GivenUp(error, Deaths.FINGERPRINT, null, true, false, false));
		for (String part : List.of("$error", "(.*)", "\\E", "\"long\"\n", error)) {
			assertThat(found(part, null, null)).as(part).hasSize(1);
		}
		for (String part : List.of("R.*", "\\Q", "^R", "$diedAt", "$$ROOT", "\0", "(?i)refused")) {
			assertThat(found(part, null, null)).as(part).isEmpty();
		}
	}

	/**
	 * Dates have milliseconds.
	 */
	@Test
	void aTimeWithinAMillisecondIsThatOfNoDeadLetter() {
		Instant died = new Deaths(this.harness).of("a").diedAt();
		assertThat(found(null, died, died.plusNanos(1))).hasSize(1);
		assertThat(found(null, died.plusNanos(1), null)).isEmpty();
		assertThat(found(null, died.minus(Duration.ofNanos(1)), null)).hasSize(1);
		assertThat(found(null, null, died)).isEmpty();
	}

	private List<DeadLetter> found(@Nullable String error, @Nullable Instant from, @Nullable Instant before) {
		return this.harness.deadLetters()
			.list(new DeadLetterFilter(null, null, null, null, error, null, from, before, 0), 0, 10);
	}

}
