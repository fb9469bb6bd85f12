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

import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.Claim;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.ForwardStore;
import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.Operator;
import dev.outbox.store.RelayStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is kept costs nothing: what operators do is the same however many dead letters
 * there are, unless they filter them; nothing reads what is not due or has not expired.
 */
class PostgresKeptPlanTests {

	private static final int KEPT = 20_000;

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private SingleConnectionDataSource session;

	private JdbcStoreHarness harness;

	@BeforeEach
	void connect() throws SQLException {
		this.harness = new JdbcStoreHarness(database);
		this.session = new SingleConnectionDataSource(database.dataSource().getConnection(), true);
	}

	@AfterEach
	void disconnect() {
		this.session.destroy();
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void deadLettersAreFoundThroughIndexes(boolean analyzed) {
		fill(analyzed);
		DeadLetterStore letters = this.harness.dialect().deadLetterStore(this.session, JdbcStoreHarness.TABLES);
		ForwardStore forwards = this.harness.dialect().forwardStore(this.session, JdbcStoreHarness.TABLES);
		HousekeepingStore housekeeping = this.harness.dialect()
			.housekeepingStore(this.session, JdbcStoreHarness.TABLES);
		long middle = database.number("SELECT min(number) + 10000 FROM outbox_dead_letter");
		Map<String, Long> touched = touched("outbox_dead_letter", () -> {
			// Often enough for the driver to prepare, and the server to keep, the plans.
			for (int i = 0; i < 10; i++) {
				long number = letters.list(DeadLetterFilter.all(), middle, 10).get(5).number();
				UUID id = letters.find(number).orElseThrow().event().id();
				assertThat(letters.find(id)).isPresent();
				assertThat(letters.replay(number, new Operator("test"))).isTrue();
				assertThat(forwards.take(2, Duration.ofHours(1))).hasSize((i < 5) ? 2 : 0);
				assertThat(housekeeping.removeExpired(Kept.DEAD_LETTER, Duration.ofDays(1), 10)).isZero();
			}
		});
		assertThat(touched).allSatisfy((way, rows) -> assertThat(rows).as(way).isLessThan(1000));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void eventsThatAreNotDueAreNotRead(boolean analyzed) {
		Claim claim = this.harness.claim("key");
		database.sql("""
				INSERT INTO outbox_scheduled (deliver_at, id, part, event_key, event_type, event_version, transport,
					destination, content_type, payload, created_at)
				SELECT now() + (CASE WHEN n > 10 THEN n ELSE -n END) * interval '1 minute', gen_random_uuid(), %d,
					'key', 'test', 1, 'test', 'orders', 'text/plain', 'x', now()
				FROM generate_series(1, %d) n""".formatted(claim.part(), KEPT));
		if (analyzed) {
			database.sql("VACUUM ANALYZE outbox_scheduled");
		}
		RelayStore relay = this.harness.dialect().relayStore(this.session, JdbcStoreHarness.TABLES, false);
		Map<String, Long> touched = touched("outbox_scheduled", () -> {
			for (int i = 0; i < 10; i++) {
				assertThat(relay.moveDue(claim.owner(), "test", Set.of(claim.part()), 5).moved())
					.isEqualTo((i < 2) ? 5 : 0);
			}
		});
		assertThat(touched).isNotEmpty().allSatisfy((way, rows) -> assertThat(rows).as(way).isLessThan(1000));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void keysThatHaveNotExpiredAreNotRead(boolean analyzed) {
		database.sql("""
				INSERT INTO outbox_idempotency (idempotency_key, id, created_at)
				SELECT 'key-' || n, gen_random_uuid(), now() - (CASE WHEN n > 10 THEN 0 ELSE 2 END) * interval '1 day'
				FROM generate_series(1, %d) n""".formatted(KEPT));
		if (analyzed) {
			database.sql("VACUUM ANALYZE outbox_idempotency");
		}
		HousekeepingStore housekeeping = this.harness.dialect()
			.housekeepingStore(this.session, JdbcStoreHarness.TABLES);
		Map<String, Long> touched = touched("outbox_idempotency", () -> {
			for (int i = 0; i < 10; i++) {
				assertThat(housekeeping.removeExpired(Kept.IDEMPOTENCY_KEY, Duration.ofDays(1), 5))
					.isEqualTo((i < 2) ? 5 : 0);
			}
		});
		assertThat(touched).isNotEmpty().allSatisfy((way, rows) -> assertThat(rows).as(way).isLessThan(1000));
	}

	/**
	 * Of all dead letters ten are to be forwarded now, and some later.
	 */
	private void fill(boolean analyzed) {
		database.sql("""
				INSERT INTO outbox_dead_letter (seq, id, part, event_key, event_type, event_version, transport,
					destination, content_type, payload, created_at, attempts, died_at, error, fingerprint, forward_at)
				SELECT n, gen_random_uuid(), 1, 'key-' || n, 'test', 1, 'test', 'orders', 'text/plain', 'x', now(), 1,
					now(), 'no', '0123456789abcdef',
					CASE WHEN n <= 10 THEN now() WHEN n %% 100 = 0 THEN now() + interval '1 day' END
				FROM generate_series(1, %d) n""".formatted(KEPT));
		if (analyzed) {
			database.sql("VACUUM ANALYZE outbox_dead_letter");
		}
	}

	/**
	 * Returns how many rows of a table the session reads, by the way in which it does.
	 */
	private Map<String, Long> touched(String table, Runnable work) {
		Map<String, Long> before = counters(table);
		work.run();
		Map<String, Long> after = counters(table);
		after.replaceAll((way, count) -> count - before.get(way));
		after.values().removeIf((count) -> count == 0);
		return after;
	}

	private Map<String, Long> counters(String table) {
		JdbcTemplate jdbc = new JdbcTemplate(this.session);
		jdbc.execute("SELECT pg_stat_force_next_flush()");
		return jdbc.queryForList("""
				SELECT indexrelname AS way, idx_tup_read AS found FROM pg_stat_user_indexes
				WHERE relname = ? AND schemaname = current_schema()
				UNION ALL SELECT 'sequentially', seq_tup_read FROM pg_stat_user_tables
				WHERE relname = ? AND schemaname = current_schema()""", table, table)
			.stream()
			.collect(toMap((row) -> (String) row.get("way"), (row) -> (Long) row.get("found")));
	}

}
