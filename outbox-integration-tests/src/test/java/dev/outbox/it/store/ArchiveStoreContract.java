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

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

import dev.outbox.Destination;
import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.archive.OutboxArchive;
import dev.outbox.store.ArchiveFilter;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.ArchiveStore.Portion;
import dev.outbox.store.NewEvent;
import dev.outbox.store.ReadResult;
import dev.outbox.store.StoredEvent;
import dev.outbox.test.contract.Scan;
import dev.outbox.test.contract.Transaction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Replaying what has been archived.
 */
abstract class ArchiveStoreContract {

	private static final ArchiveFilter ALL = ArchiveFilter.all();

	private final Supplier<DatabaseHarness> start;

	private DatabaseHarness harness;

	private ArchiveStore archive;

	/**
	 * Prepares the tests.
	 * @param start empties the database for a test
	 */
	ArchiveStoreContract(Supplier<DatabaseHarness> start) {
		this.start = start;
	}

	@BeforeEach
	void empty() {
		this.harness = this.start.get();
		this.archive = this.harness.archive();
	}

	private void archive(NewEvent... events) {
		try (Transaction transaction = this.harness.begin()) {
			transaction.append(List.of(events));
			transaction.commit();
		}
		settle();
	}

	private void archive(String key, String... payloads) {
		archive(Stream.of(payloads).map((payload) -> DatabaseHarness.event(key, payload)).toArray(NewEvent[]::new));
	}

	private void settle() {
		this.harness.archivingRelay().settle(waiting().stream().map(StoredEvent::ref).toList());
	}

	private List<StoredEvent> waiting() {
		Scan scan = this.harness.scan();
		List<StoredEvent> events = new ArrayList<>();
		for (boolean drained = false; !drained;) {
			ReadResult result = scan.step(Long.MAX_VALUE, 1000, Long.MAX_VALUE);
			events.addAll(result.events());
			drained = result.drained();
		}
		return events;
	}

	private List<String> payloads() {
		return waiting().stream().map(Scan::payload).toList();
	}

	private static String name() {
		return UUID.randomUUID().toString();
	}

	@Test
	void aReplayedEventIsTheSameButForItsNumberAndOneHeader() {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "a", "order", "1", "order.placed", 7,
				DatabaseHarness.ORDERS, Map.of("partition", 3, "delay", 5L), "text/plain", Map.of("priority", 5),
				"first".getBytes(StandardCharsets.UTF_8), Instant.parse("2026-11-21T10:15:30.123456Z"));
		archive(new NewEvent(event, DatabaseHarness.partition("a"), null));
		long number = this.harness.archived().get(0).seq();
		String name = name();
		Portion portion = this.archive.replay(name, ALL, 10);
		assertThat(portion.finished()).isTrue();
		assertThat(portion.events()).singleElement().satisfies((put) -> {
			assertThat(put.event().id()).isEqualTo(event.id());
			assertThat(put.part()).isEqualTo(DatabaseHarness.partition("a"));
		});
		assertThat(waiting()).singleElement().satisfies((replayed) -> {
			assertThat(replayed.seq()).isGreaterThan(number);
			assertThat(replayed.part()).isEqualTo(DatabaseHarness.partition("a"));
			assertThat(replayed.event().headers()).isEqualTo(Map.of("priority", 5, ArchiveStore.REPLAY_HEADER, name));
			assertThat(replayed.event()).usingRecursiveComparison().ignoringFields("headers").isEqualTo(event);
		});
		assertThat(this.harness.count("archive")).isOne();
	}

	/**
	 * Rule 4: a replayed event comes with a new number, which a scan has not passed.
	 */
	@Test
	void aScanFindsReplayedEventsBehindWhatWasPublishedBefore() {
		archive("a", "1", "2");
		Scan scan = this.harness.scan();
		this.harness.insert("a", "3");
		assertThat(scan.drain(10)).containsExactly("3");
		this.archive.replay(name(), ALL, 10);
		assertThat(scan.drain(10)).containsExactly("1", "2");
		assertThat(payloads()).containsExactly("3", "1", "2");
	}

	@Test
	void eventsComeInTheOrderInWhichTheyWereArchivedPortionByPortion() {
		archive("a", "1", "2");
		archive("b", "3");
		archive("a", "4", "5");
		String name = name();
		List<Integer> sizes = new ArrayList<>();
		Portion portion;
		do {
			portion = this.archive.replay(name, ALL, 2);
			sizes.add(portion.events().size());
		}
		while (!portion.finished());
		assertThat(sizes).containsExactly(2, 2, 1);
		assertThat(payloads()).containsExactly("1", "2", "3", "4", "5");
		assertThat(this.archive.replay(name, ALL, 2)).isEqualTo(new Portion(List.of(), true));
	}

	@Test
	void aFilterMeansEventsThatFulfilAllOfIt() {
		Destination invoices = new Destination("test", "invoices");
		Instant then = Instant.parse("2026-01-01T00:00:00Z");
		archive("a", "1");
		this.harness.setArchivedAt(then);
		archive("a", "2");
		archive(DatabaseHarness.event("order.paid", DatabaseHarness.ORDERS, "b", "3".getBytes(StandardCharsets.UTF_8),
				null));
		archive(DatabaseHarness.event(invoices, "a", "4".getBytes(StandardCharsets.UTF_8), null));
		assertThat(replayed(ALL.withKey("a"))).containsExactly("1", "2", "4");
		assertThat(replayed(ALL.withEventType("order.paid"))).containsExactly("3");
		assertThat(replayed(ALL.withDestination(invoices))).containsExactly("4");
		assertThat(replayed(ALL.withDestination(DatabaseHarness.ORDERS).withKey("a"))).containsExactly("1", "2");
		assertThat(replayed(ALL.withFrom(then.plusNanos(1000)))).containsExactly("2", "3", "4");
		assertThat(replayed(ALL.withFrom(then).withUntil(then.plusSeconds(1)))).containsExactly("1");
		assertThat(replayed(ALL.withUntil(then))).isEmpty();
		assertThat(replayed(ALL.withKey("a").withLimit(2))).containsExactly("1", "2");
	}

	/**
	 * Returns what a replay puts back, and takes it away again.
	 */
	private List<String> replayed(ArchiveFilter filter) {
		new OutboxArchive(this.archive, (events) -> {
		}, true).replay(filter);
		List<String> payloads = payloads();
		this.harness.clear("event");
		return payloads;
	}

	@Test
	void whatWasReplayedOrArrivesDuringAReplayIsNoPartOfIt() {
		archive("a", "1", "2");
		String name = name();
		assertThat(this.archive.replay(name, ALL, 1).finished()).isFalse();
		archive("a", "3");
		assertThat(this.archive.replay(name, ALL, 10).events()).hasSize(1);
		settle();
		assertThat(this.harness.count("archive")).isEqualTo(5);
		assertThat(replayed(ALL)).containsExactly("1", "2", "3");
	}

	@Test
	void callersOfTheSameReplayShareItsEvents() {
		archive("a", Stream.iterate(1, (n) -> n + 1).limit(60).map(String::valueOf).toArray(String[]::new));
		String name = name();
		List<CompletableFuture<Integer>> callers = Stream.generate(() -> CompletableFuture.supplyAsync(() -> {
			int count = 0;
			Portion portion;
			do {
				portion = this.archive.replay(name, ALL, 3);
				count += portion.events().size();
			}
			while (!portion.finished());
			return count;
		})).limit(3).toList();
		assertThat(callers.stream().mapToInt(CompletableFuture::join).sum()).isEqualTo(60);
		assertThat(payloads()).hasSize(60).doesNotHaveDuplicates().startsWith("1", "2", "3").endsWith("59", "60");
	}

	/**
	 * The portion that fails leaves nothing behind, those before it are not repeated.
	 */
	@Test
	void aReplayThatWasBrokenOffGoesOnWhereItStopped() {
		archive("a", "1", "2", "3", "4");
		this.harness.damageArchived("4");
		String name = name();
		assertThat(this.archive.replay(name, ALL, 2).events()).hasSize(2);
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> this.archive.replay(name, ALL, 2));
		assertThat(payloads()).containsExactly("1", "2");
		this.harness.repairArchived();
		assertThat(this.archive.replay(name, ALL, 2).events()).hasSize(2);
		assertThat(payloads()).containsExactly("1", "2", "3", "4");
	}

	@Test
	void aReplayIsNotContinuedWithAnotherFilter() {
		archive("a", "1", "2");
		String name = name();
		this.archive.replay(name, ALL, 1);
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(() -> this.archive.replay(name, ALL.withKey("a"), 1))
			.withMessageContainingAll("'" + name + "'", "key=a", "another name");
		assertThat(payloads()).containsExactly("1");
	}

	@Test
	void withoutAnArchiveThereIsNothingToReplay() {
		OutboxArchive none = new OutboxArchive(this.archive, (events) -> {
		}, false);
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> none.replay(ALL))
			.withMessageContainingAll("nothing to replay", "outbox.published.mode=archive");
		// What was archived before can be replayed.
		archive("a", "1");
		assertThat(none.replay(ALL)).isOne();
	}

}
