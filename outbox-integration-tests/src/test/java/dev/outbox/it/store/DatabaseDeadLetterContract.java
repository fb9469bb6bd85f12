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
import java.util.Map;

import dev.outbox.OutboxRecord;
import dev.outbox.store.AuditAction;
import dev.outbox.store.AuditEntry;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.test.contract.DeadLetterContract;
import dev.outbox.test.contract.Deaths;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * What operators see of dead letters, and do with them, seen in the database itself: on
 * every one of ours.
 */
abstract class DatabaseDeadLetterContract extends DeadLetterContract {

	@Override
	protected abstract DatabaseHarness harness();

	private DeadLetterStore letters() {
		return harness().deadLetters();
	}

	@Test
	void whatAnOperatorDoesIsWrittenDownOnce() {
		Deaths deaths = new Deaths(harness());
		List<DeadLetter> dead = List.of(deaths.of("a"), deaths.of("b"), deaths.of("c"));
		OutboxRecord repaired = repaired(dead.get(1).event(), Map.of(), Map.of());
		for (int i = 0; i < 2; i++) {
			letters().replay(dead.get(0).number(), ANN);
			letters().replace(dead.get(1).number(), repaired, ANN);
			letters().discard(dead.get(2).number(), ANN);
		}
		List<AuditEntry> entries = harness().audit().list(Long.MAX_VALUE, 10);
		assertThat(entries).extracting(AuditEntry::action, AuditEntry::key, AuditEntry::detail)
			.containsExactly(tuple(AuditAction.DISCARD, "c", null),
					tuple(AuditAction.REPAIR, "b", "replaced by " + repaired.id()),
					tuple(AuditAction.RETRY, "a", null));
		for (int i = 0; i < 3; i++) {
			AuditEntry entry = entries.get(i);
			DeadLetter letter = dead.get(2 - i);
			assertThat(entry.operator()).isEqualTo("ann");
			assertThat(entry.destination()).isEqualTo(DatabaseHarness.ORDERS);
			assertThat(entry.eventId()).isEqualTo(letter.event().id());
			assertThat(entry.letter()).isEqualTo(letter.number());
			assertThat(entry.at()).isAfterOrEqualTo(letter.diedAt());
		}
		assertThat(harness().audit().list(entries.get(2).number(), 10)).isEmpty();
		assertThat(harness().count("event")).isEqualTo(2);
	}

	@Override
	@Test
	protected void ofOperatorsWhoComeAtTheSameTimeOneSucceeds() {
		super.ofOperatorsWhoComeAtTheSameTimeOneSucceeds();
		assertThat(harness().audit().list(Long.MAX_VALUE, 100)).hasSize(20)
			.extracting(AuditEntry::letter)
			.doesNotHaveDuplicates();
	}

	/**
	 * After a failover a number may be given out again, also to an event of the same key.
	 */
	@Test
	void aDeadLetterThatHasTheNumberOfTheOneThatBlocksUnblocksNothing() {
		Deaths deaths = new Deaths(harness());
		DeadLetter first = deaths.of("a");
		harness().restartNumbers();
		DeadLetter second = deaths.blocking("a");
		assertThat(second.seq()).isEqualTo(first.seq());
		assertThat(all()).extracting(DeadLetter::blocksKey).containsExactly(false, true);
		assertThat(letters().discard(first.number(), ANN)).isTrue();
		assertThat(harness().count("blocked_key")).isOne();
	}

	@Test
	void aKeyThatNoDeadLetterBlocksIsBlockedByTheNextOne() {
		Deaths deaths = new Deaths(harness());
		harness().block(DatabaseHarness.ORDERS, "a");
		deaths.blocking("a");
		assertThat(all()).extracting(DeadLetter::blocksKey).containsExactly(true);
		deaths.blocking("a");
		assertThat(all()).extracting(DeadLetter::blocksKey).containsExactly(true, false);
		assertThat(harness().cluster().observe(10).blockedKeys()).singleElement()
			.satisfies((blocked) -> assertThat(blocked.seq()).isEqualTo(all().get(0).seq()));
	}

	@Test
	void aDeadLetterExpiresOnceItsKeyIsUnblocked() {
		harness().addKept(1, Duration.ofDays(2), true);
		assertThat(all()).extracting(DeadLetter::blocksKey).containsExactly(true);
		assertThat(harness().housekeeping().removeExpired(Kept.DEAD_LETTER, Duration.ofDays(1), 10)).isZero();
		assertThat(harness().holds().unblock(DatabaseHarness.ORDERS, "1", ANN)).isTrue();
		assertThat(harness().housekeeping().removeExpired(Kept.DEAD_LETTER, Duration.ofDays(1), 10)).isOne();
	}

	@Test
	void aDamagedDeadLetterIsShownAndCanBeReplayedAndDiscarded() {
		Deaths deaths = new Deaths(harness());
		List<DeadLetter> dead = List.of(deaths.of("a"), deaths.of("b"));
		harness().damageDeadLetters();
		assertThat(all()).extracting((damaged) -> damaged.event().key()).containsExactly("a", "b");
		assertThat(all()).allSatisfy((damaged) -> {
			assertThat(damaged.defect()).contains("headers");
			assertThat(damaged.event().headers()).isEmpty();
		});
		assertThat(letters().find(dead.get(0).number()).orElseThrow().defect()).contains("headers");
		assertThat(letters().groups(DeadLetterFilter.all(), 10)).hasSize(1);
		assertThat(letters().replay(dead.get(0).number(), ANN)).isTrue();
		assertThat(letters().discard(dead.get(1).number(), ANN)).isTrue();
		assertThat(harness().count("dead_letter")).isZero();
		assertThat(harness().keys()).containsExactly("a");
	}

}
