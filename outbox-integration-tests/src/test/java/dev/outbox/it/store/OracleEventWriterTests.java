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

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.fixtures.oracle.EnabledIfOracle;
import dev.outbox.fixtures.oracle.OracleDatabase;
import dev.outbox.store.NewEvent;
import dev.outbox.store.StoredEvent;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is written to Oracle Database is what is read.
 */
@EnabledIfOracle
class OracleEventWriterTests extends JdbcEventWriterContract {

	@RegisterExtension
	static OracleDatabase database = OracleDatabase.fresh();

	private JdbcStoreHarness harness;

	@BeforeEach
	void empty() {
		this.harness = new JdbcStoreHarness(database);
	}

	@Override
	protected JdbcStoreHarness harness() {
		return this.harness;
	}

	/**
	 * An empty text is none at all: a row without a key. It does not come to the
	 * database.
	 */
	@Override
	@Test
	void anEmptyKeyIsRefused() {
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> append(DatabaseHarness.event("", "1")))
			.withMessageContaining("is empty, which this database takes for none at all");
		try (JdbcTransaction transaction = this.harness.begin()) {
			assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> claim(transaction, "", UUID.randomUUID()))
				.withMessageContaining("is empty");
		}
	}

	/**
	 * Nor does what is refused with an empty key.
	 */
	@Override
	@Test
	void anErrorDoesNotTellWhatIsInTheRow() {
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> append(DatabaseHarness.event("", "secret")))
			.satisfies((ex) -> assertThat(Throwables.getStackTrace(ex)).doesNotContain("secret"));
	}

	/**
	 * With an id of the aggregate: an empty one is refused.
	 */
	@Override
	@Test
	protected void everyFieldIsReadAsItWasWritten() {
		OutboxRecord written = record("key " + SMILE, Map.of("text", SMILE.repeat(20_000), "long", 7L), new byte[0],
				Instant.parse("1969-12-31T23:59:59Z"));
		OutboxRecord bare = new OutboxRecord(UUID.randomUUID(), null, null, null, "NULL", 1, DatabaseHarness.ORDERS,
				Map.of(), "text/plain", Map.of(), new byte[0], Instant.parse("2026-11-21T10:15:30.123456Z"));
		append(new NewEvent(written, 5, null), new NewEvent(bare, 5, null));
		assertThat(stored()).extracting(StoredEvent::event)
			.usingRecursiveFieldByFieldElementComparator()
			.containsExactly(written, bare);
		assertThat(stored()).allSatisfy((row) -> assertThat(row.payloadLoaded()).isTrue());
	}

}
