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

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import javax.sql.DataSource;

import dev.outbox.store.Claim;
import dev.outbox.store.EventRef;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of rows on MySQL and MariaDB while applications hold locks: a statement of
 * the relay that looks at more rows than its own waits for them.
 */
abstract class MySqlFamilySettlingContract extends DatabaseSettlingContract {

	@Override
	protected abstract JdbcStoreHarness harness();

	private DataSource impatient() {
		return harness().impatient();
	}

	@Test
	void eventsOfOpenTransactionsDoNotHoldUpWhatIsSent() {
		for (boolean archive : List.of(false, true)) {
			RelayStore store = harness().dialect().relayStore(impatient(), JdbcStoreHarness.TABLES, archive);
			try (JdbcTransaction open = harness().begin()) {
				harness().begin().insertMany(30, "a").commitAndClose();
				open.insert("b", "open");
				harness().begin().insertMany(30, "a").commitAndClose();
				List<EventRef> rows = harness().scan()
					.step(Long.MAX_VALUE, 100, Long.MAX_VALUE)
					.events()
					.stream()
					.map(StoredEvent::ref)
					.toList();
				assertThat(rows).hasSize(60);
				store.settle(rows);
				assertThat(harness().scan().poll()).isEmpty();
			}
		}
	}

	@Test
	void eventsThatOpenTransactionsHaveScheduledDoNotHoldUpThoseThatAreDue() throws SQLException {
		Claim claim = harness().claim("a");
		RelayStore store = harness().dialect().relayStore(impatient(), JdbcStoreHarness.TABLES, false);
		Set<Integer> parts = Set.of(claim.part());
		try (JdbcTransaction open = harness().begin()) {
			harness().writer().schedule(open.connection(), List.of(scheduled(Instant.parse("2126-01-01T00:00:00Z"))));
			assertThat(store.moveDue(claim.owner(), "test", parts, 10).moved()).isZero();
			try (JdbcTransaction due = harness().begin()) {
				harness().writer()
					.schedule(due.connection(), List.of(scheduled(Instant.parse("2026-01-01T00:00:00Z"))));
				due.commit();
			}
			assertThat(store.moveDue(claim.owner(), "test", parts, 10).moved()).isOne();
		}
	}

	private static NewEvent scheduled(Instant time) {
		return DatabaseHarness.event(DatabaseHarness.ORDERS, "a", new byte[0], time);
	}

	/**
	 * However long its events take to be moved.
	 */
	@Test
	void partitionsWhoseEventsAreBeingMovedDoNotHoldUpWhoTakesOthers() {
		UUID mover = UUID.randomUUID();
		UUID other = UUID.randomUUID();
		LeaseStore leases = harness().dialect()
			.leaseStore(impatient(), JdbcStoreHarness.TABLES, DatabaseHarness.PARTITIONS);
		for (UUID instance : List.of(mover, other)) {
			leases.join(instance, "test", Set.of("test"), Duration.ofMinutes(5));
		}
		leases.take(mover, "test", 32);
		try (JdbcTransaction moving = harness().begin()) {
			moving.sql("SET TRANSACTION ISOLATION LEVEL READ COMMITTED");
			moving.sql("SELECT part FROM outbox_partition WHERE transport = 'test' AND part < 32 LOCK IN SHARE MODE");
			harness().database().update("DELETE FROM outbox_instance WHERE id = ?", bytes(mover));
			assertThat(leases.take(other, "test", 64)).hasSize(32).allMatch((taken) -> taken.part() >= 32);
		}
		assertThat(leases.take(other, "test", 64)).hasSize(32).allMatch(LeaseStore.TakenPartition::abandoned);
	}

	private static byte[] bytes(UUID id) {
		return ByteBuffer.allocate(16)
			.putLong(id.getMostSignificantBits())
			.putLong(id.getLeastSignificantBits())
			.array();
	}

}
