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

package dev.outbox.test.contract;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.outbox.Destination;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.KeyRead;
import dev.outbox.store.Operator;
import dev.outbox.store.ReadResult;
import dev.outbox.store.RelayStore.KeyRows;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a scan of a {@link dev.outbox.store.RelayStore} returns, and that it misses
 * nothing. A store in which several transactions write at a time has to fulfil
 * {@link LateRowsContract}, which includes this.
 */
public abstract class ScanContract {

	/**
	 * Returns the store, which is empty when a test begins: the same one whenever it is
	 * asked for during a test.
	 * @return what the test needs of it
	 */
	protected abstract StoreHarness harness();

	@Test
	protected void rowsComeInTheOrderOfTheirNumbersAndOnlyOnce() {
		harness().insert("a", "1", "2");
		harness().insert("b", "3");
		Scan scan = harness().scan();
		assertThat(scan.poll()).containsExactly("1", "2", "3");
		assertThat(scan.poll()).isEmpty();
		harness().insert("a", "4");
		assertThat(scan.poll()).containsExactly("4");
	}

	@Test
	protected void theCursorIsTheLastRowConsumedNotTheLastOneRead() {
		harness().insert("a", "12345", "67890", "abcde");
		Scan scan = harness().scan();
		ReadResult first = scan.step(Long.MAX_VALUE, 1000, 11);
		assertThat(Scan.payloads(first)).containsExactly("12345", "67890");
		assertThat(first.drained()).isFalse();
		assertThat(first.next().cursor()).isEqualTo(first.events().get(1).seq());
		assertThat(scan.poll()).containsExactly("abcde");
	}

	@Test
	protected void aRowLargerThanTheBudgetPassesAlone() {
		harness().insert("a", "x".repeat(500), "y");
		Scan scan = harness().scan();
		assertThat(Scan.payloads(scan.step(Long.MAX_VALUE, 1000, 10))).containsExactly("x".repeat(500));
		assertThat(Scan.payloads(scan.step(Long.MAX_VALUE, 1000, 10))).containsExactly("y");
	}

	/**
	 * Rule 1: the joint scan keeps the older bound of the two. The slow transaction is
	 * the newest one when the main scan reads, so no list of running transactions names
	 * it.
	 */
	@Test
	protected void aJointScanFindsWhatWasTheNewestTransactionAtTheMainScansLastRead() {
		Scan main = harness().scan(Set.of("other"), null);
		Scan backfill = harness().scan(Set.of(), "other");
		harness().insertTo(new Destination("test", "other"), "b", "o1");
		try (Transaction newest = harness().begin().insert("a", "newest")) {
			assertThat(main.poll()).isEmpty();
			newest.commit();
		}
		harness().insertTo(new Destination("test", "other"), "b", "o2");
		long bound = main.position().cursor();
		assertThat(Scan.payloads(backfill.step(bound, 100, Long.MAX_VALUE))).containsExactly("o1");
		Scan merged = harness().scan();
		merged.position(harness().relay().merge(main.position(), backfill.position()));
		assertThat(merged.poll()).contains("newest", "o2");
	}

	/**
	 * Rule 4: what goes back to the table is found although its number lies behind the
	 * cursor, because it carries the number of the transaction that put it back.
	 */
	@Test
	protected void aReplayedHeadIsFoundBehindTheCursor() {
		harness().insert("a", "head", "next");
		Scan scan = harness().scan();
		StoredEvent head = scan.step(Long.MAX_VALUE, 10, Long.MAX_VALUE).events().get(0);
		harness().relay()
			.deadLetter(harness().claim("a"), head.ref(),
					new GivenUp("no", "0123456789abcdef", null, true, true, false));
		assertThat(scan.poll()).isEmpty();
		assertThat(harness().deadLetters().replay(harness().lastDeadLetter(), new Operator("test"))).isTrue();
		ReadResult found = scan.step(Long.MAX_VALUE, 10, Long.MAX_VALUE);
		assertThat(Scan.payloads(found)).containsExactly("head");
		assertThat(found.events().get(0).seq()).isEqualTo(head.seq());
	}

	@Test
	protected void aDrainedTailDoesNotPassItsBound() {
		harness().insert("a", "1", "2", "3");
		Scan scan = harness().scan();
		long second = harness().scan().step(Long.MAX_VALUE, 2, Long.MAX_VALUE).next().cursor();
		ReadResult bounded = scan.step(second, 10, Long.MAX_VALUE);
		assertThat(Scan.payloads(bounded)).containsExactly("1", "2");
		assertThat(bounded.next().cursor()).isEqualTo(second);
		assertThat(scan.poll()).containsExactly("3");
	}

	/**
	 * Rule 7: a large payload comes only when it is asked for.
	 */
	@Test
	protected void largePayloadsAreFetchedByNumberAndId() {
		String large = "x".repeat(16_385);
		harness().insert("a", "x".repeat(16_384), large);
		List<StoredEvent> rows = harness().scan().step(Long.MAX_VALUE, 10, Long.MAX_VALUE).events();
		assertThat(rows).extracting(StoredEvent::payloadLoaded).containsExactly(true, false);
		assertThat(rows).extracting(StoredEvent::payloadSize).containsExactly(16_384, 16_385);
		EventRef gone = new EventRef(rows.get(0).seq(), rows.get(1).event().id());
		Map<Long, byte[]> payloads = harness().relay().payloads(List.of(rows.get(1).ref(), gone));
		assertThat(payloads).containsOnlyKeys(rows.get(1).seq());
		assertThat(new String(payloads.get(rows.get(1).seq()), StandardCharsets.UTF_8)).isEqualTo(large);
	}

	@Test
	protected void oneKeyIsReadOnFromANumber() {
		harness().insert("a", "1", "2", "3", "4");
		harness().insert("b", "x");
		List<Long> numbers = harness().scan()
			.step(Long.MAX_VALUE, 4, Long.MAX_VALUE)
			.events()
			.stream()
			.map(StoredEvent::seq)
			.toList();
		KeyRows two = readKey(numbers.get(1), 2, Long.MAX_VALUE);
		assertThat(two.events()).extracting(Scan::payload).containsExactly("2", "3");
		assertThat(two.complete()).isFalse();
		KeyRows rest = readKey(numbers.get(3), 2, Long.MAX_VALUE);
		assertThat(rest.events()).extracting(Scan::payload).containsExactly("4");
		assertThat(rest.complete()).isTrue();
		KeyRows bytes = readKey(numbers.get(0), 10, 2);
		assertThat(bytes.events()).hasSize(2);
		assertThat(bytes.complete()).isFalse();
	}

	private KeyRows readKey(long from, int maxRows, long maxBytes) {
		return harness().relay()
			.readKey(new KeyRead(StoreHarness.partition("a"), "a", StoreHarness.ORDERS, from, maxRows, maxBytes));
	}

}
