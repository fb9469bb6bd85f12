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
import java.util.List;

import dev.outbox.it.store.DatabaseHarness.Archived;
import dev.outbox.store.Claim;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;
import dev.outbox.test.contract.Scan;
import dev.outbox.test.contract.SettlingContract;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of rows, seen in the database itself: on every one of ours.
 */
abstract class DatabaseSettlingContract extends SettlingContract {

	@Override
	protected abstract DatabaseHarness harness();

	/**
	 * Rule 14, where they are archived.
	 */
	@Test
	void onlyRowsWhoseNumberAndIdMatchAreArchived() {
		RelayStore archiving = harness().archivingRelay();
		harness().insert("a", "1", "2");
		List<StoredEvent> rows = read();
		archiving.settle(List.of(rows.get(0).ref(), new EventRef(rows.get(1).seq(), rows.get(0).event().id())));
		assertThat(read()).extracting(Scan::payload).containsExactly("2");
		archiving.settle(List.of(rows.get(0).ref(), rows.get(1).ref()));
		assertThat(read()).isEmpty();
	}

	/**
	 * Rule 17: the archive takes a row whatever its number, also a second time.
	 */
	@Test
	void archivedRowsKeepTheirColumnsAndMayRepeatANumber() {
		RelayStore archiving = harness().archivingRelay();
		for (int i = 0; i < 2; i++) {
			harness().insert("a", "archived");
			archiving.settle(read().stream().map(StoredEvent::ref).toList());
			harness().restartNumbers();
		}
		assertThat(read()).isEmpty();
		Archived archived = new Archived(1, "a", "archived");
		assertThat(harness().archived()).containsExactly(archived, archived);
	}

	/**
	 * Rule 17: after a failover a number may be given out again, and die again.
	 */
	@Test
	void deadLettersMayRepeatANumber() {
		Claim claim = harness().claim("a");
		for (int i = 0; i < 2; i++) {
			harness().insert("a", "dead");
			assertThat(harness().relay()
				.deadLetter(claim, read().get(0).ref(),
						new GivenUp("no", "0123456789abcdef", null, true, false, false)))
				.isTrue();
			harness().restartNumbers();
		}
		assertThat(harness().deadLetters().list(DeadLetterFilter.all(), 0, 10)).extracting(DeadLetter::seq)
			.containsExactly(1L, 1L);
	}

	@Test
	void theFirstFailureIsRememberedAndTheLastErrorKept() {
		harness().insert("a", "1");
		Claim claim = harness().claim("a");
		EventRef row = read().get(0).ref();
		assertThat(harness().relay().recordFailure(claim, row, "broken", Duration.ofMinutes(10))).isTrue();
		Object first = harness().firstFailedAt();
		assertThat(harness().relay().recordFailure(claim, row, "broken again", Duration.ofMinutes(20))).isTrue();
		assertThat(read().get(0).retryIn()).isBetween(Duration.ofMinutes(19), Duration.ofMinutes(20));
		assertThat(harness().firstFailedAt()).isEqualTo(first);
		assertThat(harness().lastError()).isEqualTo("broken again");
		harness().makeFailuresOlder(Duration.ofHours(1));
		assertThat(read().get(0).failingFor()).isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
		assertThat(read().get(0).retryIn()).isZero();
	}

	private List<StoredEvent> read() {
		return harness().scan().step(Long.MAX_VALUE, 100, Long.MAX_VALUE).events();
	}

}
