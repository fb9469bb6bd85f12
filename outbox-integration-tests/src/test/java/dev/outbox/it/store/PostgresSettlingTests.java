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

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.Claim;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.Operator;
import java.sql.Connection;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What becomes of rows on PostgreSQL.
 */
class PostgresSettlingTests extends DatabaseSettlingContract {

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private JdbcStoreHarness harness;

	@BeforeEach
	void empty() {
		this.harness = new JdbcStoreHarness(database);
	}

	@Override
	protected JdbcStoreHarness harness() {
		return this.harness;
	}

	@Test
	void aTakeoverWaitsUntilADecisionIsCommitted() throws Exception {
		this.harness.insert("a", "1");
		Claim claim = this.harness.claim("a");
		EventRef row = this.harness.scan().step(Long.MAX_VALUE, 1, Long.MAX_VALUE).events().get(0).ref();
		try (Connection blocker = database.dataSource().getConnection()) {
			blocker.setAutoCommit(false);
			blocker.createStatement().execute("SELECT 1 FROM outbox_event FOR UPDATE");
			CompletableFuture<Boolean> decision = CompletableFuture.supplyAsync(() -> this.harness.relay()
				.deadLetter(claim, row, new GivenUp("no", "0123456789abcdef", null, true, false, false)));
			await().until(() -> database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0);
			CompletableFuture<Integer> takeover = CompletableFuture.supplyAsync(() -> database
				.update("UPDATE outbox_partition SET epoch = epoch + 1 WHERE part = ?", claim.part()));
			await().until(() -> database.number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 1);
			assertThat(takeover).isNotDone();
			blocker.rollback();
			assertThat(decision.get()).isTrue();
			assertThat(takeover.get()).isOne();
		}
	}

	/**
	 * Rule 4: a row never carries the number of another transaction.
	 */
	@Test
	void movedAndReplayedRowsCarryTheNumberOfTheTransactionThatMovedThem() {
		this.harness.insert("a", "head");
		Claim claim = this.harness.claim("a");
		EventRef head = this.harness.scan().step(Long.MAX_VALUE, 1, Long.MAX_VALUE).events().get(0).ref();
		this.harness.relay().deadLetter(claim, head, new GivenUp("no", "0123456789abcdef", null, true, true, false));
		database.sql("""
				INSERT INTO outbox_scheduled (deliver_at, id, part, event_key, event_type, event_version, transport,
					destination, content_type, payload)
				VALUES (now(), gen_random_uuid(), %d, 'a', 'test', 1, 'test', 'orders', 'text/plain', '')"""
			.formatted(claim.part()));
		String before = String.valueOf(database.value("SELECT pg_current_xact_id()::text"));
		assertThat(this.harness.relay().moveDue(claim.owner(), "test", Set.of(claim.part()), 10).moved()).isOne();
		assertThat(this.harness.deadLetters()
			.replay(database.number("SELECT max(number) FROM outbox_dead_letter"), new Operator("test"))).isTrue();
		assertThat(database.number("SELECT count(*) FROM outbox_event WHERE xid > ?::text::xid8", before)).isEqualTo(2);
	}

}
