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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import dev.outbox.Destination;
import dev.outbox.store.AuditAction;
import dev.outbox.store.AuditEntry;
import dev.outbox.store.ClusterStore.Blocked;
import dev.outbox.store.ClusterStore.Cluster;
import dev.outbox.store.ClusterStore.Instance;
import dev.outbox.store.ClusterStore.Ownership;
import dev.outbox.store.ClusterStore.Paused;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.ForwardStore.Forward;
import dev.outbox.store.ForwardStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.Operator;
import dev.outbox.test.contract.Deaths;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * What operators hold back and see of all instances, and what becomes of dead letters
 * that are forwarded: on every database.
 */
abstract class OperatorContract {

	private static final Operator ANN = new Operator("ann");

	private static final Operator BOB = new Operator("Bob Ö, on call");

	private static final Destination BILLS = new Destination("test", "bills");

	private static final Duration HOUR = Duration.ofHours(1);

	protected abstract DatabaseHarness harness();

	@Test
	void whatIsHeldBackIsWrittenDownOnlyIfItChanges() {
		HoldStore holds = harness().holds();
		assertThat(holds.pause(DatabaseHarness.ORDERS, ANN)).isTrue();
		assertThat(holds.pause(DatabaseHarness.ORDERS, BOB)).isFalse();
		assertThat(holds.pause(BILLS, BOB)).isTrue();
		assertThat(holds.resume(DatabaseHarness.ORDERS, BOB)).isTrue();
		assertThat(holds.resume(DatabaseHarness.ORDERS, ANN)).isFalse();
		harness().block(DatabaseHarness.ORDERS, "a");
		assertThat(holds.unblock(DatabaseHarness.ORDERS, "a", ANN)).isTrue();
		assertThat(holds.unblock(DatabaseHarness.ORDERS, "a", ANN)).isFalse();
		List<AuditEntry> entries = harness().audit().list(Long.MAX_VALUE, 10);
		assertThat(entries)
			.extracting(AuditEntry::action, AuditEntry::operator, AuditEntry::destination, AuditEntry::key)
			.containsExactly(tuple(AuditAction.UNBLOCK, "ann", DatabaseHarness.ORDERS, "a"),
					tuple(AuditAction.RESUME, BOB.name(), DatabaseHarness.ORDERS, null),
					tuple(AuditAction.PAUSE, BOB.name(), BILLS, null),
					tuple(AuditAction.PAUSE, "ann", DatabaseHarness.ORDERS, null));
		assertThat(entries).allSatisfy((entry) -> {
			assertThat(entry.eventId()).isNull();
			assertThat(entry.letter()).isNull();
			assertThat(entry.detail()).isNull();
		});
		assertThat(harness().audit().list(Long.MAX_VALUE, 2)).isEqualTo(entries.subList(0, 2));
		assertThat(harness().audit().list(entries.get(1).number(), 10)).isEqualTo(entries.subList(2, 4));
	}

	@Test
	void aPausedDestinationSaysWhoHasPausedItFirst() {
		harness().holds().pause(DatabaseHarness.ORDERS, ANN);
		harness().holds().pause(DatabaseHarness.ORDERS, BOB);
		harness().holds().pause(BILLS, BOB);
		List<Paused> paused = harness().cluster().observe(10).paused();
		assertThat(paused).extracting(Paused::destination, Paused::by)
			.containsExactly(tuple(BILLS, BOB.name()), tuple(DatabaseHarness.ORDERS, "ann"));
		List<AuditEntry> entries = harness().audit().list(Long.MAX_VALUE, 10);
		assertThat(Duration.between(paused.get(0).since(), entries.get(0).at()).abs()).isLessThan(HOUR);
	}

	@Test
	void allSeeWhoIsThereAndWhoOwnsWhat() {
		LeaseStore leases = harness().leases();
		UUID gone = UUID.randomUUID();
		leases.join(gone, "gone", Set.of("test"), HOUR);
		leases.take(gone, "test", 1);
		harness().expireLeases(3);
		List<UUID> ids = Stream.generate(UUID::randomUUID).limit(2).toList();
		leases.join(ids.get(0), "pod-b", Set.of("test", "other"), HOUR);
		leases.join(ids.get(1), "pod-a", Set.of("test"), HOUR);
		leases.take(ids.get(0), "other", 2);
		Cluster cluster = harness().cluster().observe(0);
		assertThat(cluster.instances()).extracting(Instance::id, Instance::name, Instance::transports)
			.containsExactly(tuple(ids.get(1), "pod-a", Set.of("test")),
					tuple(ids.get(0), "pod-b", Set.of("test", "other")));
		assertThat(cluster.instances()).allSatisfy((instance) -> {
			assertThat(instance.leaseLeft()).isBetween(Duration.ofMinutes(59), HOUR);
			assertThat(instance.joinedAt()).isNotNull();
		});
		assertThat(cluster.partitions()).filteredOn((partition) -> ids.get(0).equals(partition.owner()))
			.extracting(Ownership::transport)
			.containsExactly("other", "other");
		assertThat(cluster.partitions()).filteredOn((partition) -> gone.equals(partition.owner()))
			.singleElement()
			.satisfies((partition) -> assertThat(partition.epoch()).isEqualTo(3));
		assertThat(cluster.partitions())
			.isSortedAccordingTo(Comparator.comparing(Ownership::transport).thenComparing(Ownership::part));
		assertThat(cluster.paused()).isEmpty();
		assertThat(cluster.blockedKeyCount()).isZero();
	}

	@Test
	void ofManyBlockedKeysTheFirstAreListed() {
		Deaths deaths = new Deaths(harness());
		List<DeadLetter> dead = IntStream.range(0, 3).mapToObj((i) -> deaths.blocking("k" + i)).toList();
		Cluster cluster = harness().cluster().observe(2);
		assertThat(cluster.blockedKeyCount()).isEqualTo(3);
		assertThat(cluster.blockedKeys()).extracting(Blocked::destination, Blocked::key, Blocked::seq)
			.containsExactly(tuple(DatabaseHarness.ORDERS, "k0", dead.get(0).seq()),
					tuple(DatabaseHarness.ORDERS, "k1", dead.get(1).seq()));
		assertThat(cluster.blockedKeys()).allSatisfy((blocked) -> assertThat(blocked.since()).isNotNull());
		assertThat(harness().cluster().observe(0).blockedKeys()).isEmpty();
	}

	@Test
	void whoTakesADeadLetterHoldsItForATime() {
		Deaths deaths = new Deaths(harness());
		deaths.of("a");
		DeadLetter letter = deaths.forwarded("b");
		ForwardStore forwards = harness().forwards();
		Forward taken = forwards.take(10, HOUR).get(0);
		assertThat(taken.letter().number()).isEqualTo(letter.number());
		assertThat(taken.letter().event().payload()).isEqualTo("dead".getBytes(StandardCharsets.UTF_8));
		assertThat(taken.letter().stackTrace()).isEqualTo("at dev.outbox.Test");
		assertThat(taken.letter().fingerprint()).isEqualTo(Deaths.FINGERPRINT);
		assertThat(taken.attempts()).isZero();
		assertThat(taken.age()).isBetween(Duration.ZERO, HOUR);
		assertThat(forwards.take(10, HOUR)).isEmpty();
		forwards.again(letter.number(), Duration.ZERO, true);
		assertThat(forwards.take(10, Duration.ZERO)).extracting(Forward::attempts).containsExactly(1);
		forwards.again(letter.number(), Duration.ZERO, false);
		assertThat(forwards.take(10, Duration.ZERO)).extracting(Forward::attempts).containsExactly(1);
		// Held for no time at all, as if the one before had died long ago.
		assertThat(forwards.take(10, Duration.ZERO)).hasSize(1);
		forwards.again(letter.number(), HOUR, true);
		assertThat(forwards.take(10, HOUR)).isEmpty();
		forwards.again(letter.number(), Duration.ZERO, true);
		forwards.done(letter.number());
		forwards.done(letter.number());
		forwards.again(letter.number(), Duration.ZERO, true);
		assertThat(forwards.take(10, HOUR)).isEmpty();
		assertThat(harness().count("dead_letter")).isEqualTo(2);
	}

	@Test
	void deadLettersAreTakenOldestFirstUnlessTheyAreGone() {
		Deaths deaths = new Deaths(harness());
		List<DeadLetter> dead = IntStream.range(0, 5).mapToObj((i) -> deaths.forwarded("k" + i)).toList();
		harness().deadLetters().replay(dead.get(0).number(), ANN);
		harness().deadLetters().discard(dead.get(2).number(), ANN);
		assertThat(harness().forwards().take(2, HOUR)).extracting((forward) -> forward.letter().number())
			.containsExactly(dead.get(1).number(), dead.get(3).number());
		assertThat(harness().forwards().take(2, HOUR)).extracting((forward) -> forward.letter().number())
			.containsExactly(dead.get(4).number());
		harness().forwards().done(dead.get(0).number());
		harness().forwards().again(dead.get(2).number(), Duration.ZERO, true);
		assertThat(harness().forwards().take(2, HOUR)).isEmpty();
	}

	@Test
	void twoInstancesNeverTakeTheSameDeadLetter() {
		Deaths deaths = new Deaths(harness());
		List<Long> dead = IntStream.range(0, 30).mapToObj((i) -> deaths.forwarded("k" + i).number()).toList();
		List<CompletableFuture<List<Long>>> instances = Stream.generate(() -> CompletableFuture.supplyAsync(() -> {
			List<Long> taken = new ArrayList<>();
			// What the other one has locked at the moment is left out.
			for (int i = 0; i < 30; i++) {
				harness().forwards().take(3, HOUR).forEach((forward) -> taken.add(forward.letter().number()));
			}
			return taken;
		})).limit(2).toList();
		List<Long> taken = new ArrayList<>();
		instances.forEach((instance) -> taken.addAll(instance.join()));
		assertThat(taken).containsExactlyInAnyOrderElementsOf(dead);
	}

}
