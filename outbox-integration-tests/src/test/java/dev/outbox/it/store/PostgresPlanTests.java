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

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.BacklogSample;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.Claim;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.KeyRead;
import dev.outbox.store.Position;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The relay's statements touch the rows that they are about and no others, whatever the
 * server believes about a table that is a queue: its statistics are always out of date.
 */
class PostgresPlanTests {

	private static final int WAITING = 20_000;

	private static final String PRIMARY_KEY = "outbox_event_pkey";

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	private JdbcStoreHarness harness;

	private SingleConnectionDataSource session;

	private RelayStore relay;

	private Claim claim;

	@BeforeEach
	void connect() throws SQLException {
		this.harness = new JdbcStoreHarness(database);
		Connection connection = database.dataSource().getConnection();
		this.session = new SingleConnectionDataSource(connection, true);
		new JdbcTemplate(this.session).execute("""
				SET min_parallel_table_scan_size = 0; SET min_parallel_index_scan_size = 0;
				SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0""");
		this.relay = this.harness.dialect().relayStore(this.session, JdbcStoreHarness.TABLES, false);
		this.claim = this.harness.claim("key-7");
	}

	@AfterEach
	void disconnect() {
		this.session.destroy();
	}

	@ParameterizedTest
	@EnumSource
	void aScanReadsEachRowOnceAndItsEndNothing(Statistics statistics) {
		fill(statistics);
		Position end = drain();
		Map<String, Long> touched = touched(this::drain);
		assertThat(touched).containsOnlyKeys(PRIMARY_KEY);
		assertThat(touched.get(PRIMARY_KEY)).isBetween((long) WAITING, (long) WAITING + 1000);
		assertThat(touched(() -> read(end))).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void settlingReadsWhatItSettles(Statistics statistics) {
		fill(statistics);
		List<EventRef> rows = rows();
		Map<String, Long> touched = touched(() -> this.relay.settle(rows.subList(500, 700)));
		assertThat(database.number("SELECT count(*) FROM outbox_event")).isEqualTo(WAITING - 200);
		assertThat(touched).containsOnlyKeys(PRIMARY_KEY);
		assertThat(touched.get(PRIMARY_KEY)).isLessThan(300);
	}

	@ParameterizedTest
	@EnumSource
	void aKeyIsReadThroughItsIndex(Statistics statistics) {
		fill(statistics);
		Map<String, Long> touched = touched(() -> assertThat(readKey().events()).hasSize(200));
		assertThat(touched).containsOnlyKeys("outbox_event_key");
		assertThat(touched.get("outbox_event_key")).isLessThan(300);
	}

	@ParameterizedTest
	@EnumSource
	void oneRowIsFoundByItsNumber(Statistics statistics) {
		fill(statistics);
		EventRef row = readKey().events().get(0).ref();
		Map<String, Long> touched = touched(() -> {
			assertThat(this.relay.recordFailure(this.claim, row, "refused", Duration.ofSeconds(1))).isTrue();
			assertThat(this.relay.recordCarefulSend(this.claim, row)).isTrue();
			assertThat(this.relay.payloads(List.of(row))).hasSize(1);
			assertThat(this.relay.deadLetter(this.claim, row,
					new GivenUp("refused", "0123456789abcdef", null, true, false, false)))
				.isTrue();
		});
		assertThat(touched).containsOnlyKeys(PRIMARY_KEY);
		assertThat(touched.get(PRIMARY_KEY)).isLessThan(20);
	}

	/**
	 * Also for a backlog of millions of rows: some from each end.
	 */
	@ParameterizedTest
	@EnumSource
	void theBacklogIsMeasuredByAFewRowsOfThePrimaryKey(Statistics statistics) {
		fill(statistics);
		database.sql("""
				INSERT INTO outbox_event (id, part, event_key, event_type, event_version, transport, destination,
					content_type, payload)
				SELECT gen_random_uuid(), 1, 'key', 'test', 1, 'test', 'orders', 'text/plain', 'x'
				FROM generate_series(1, %d) n""".formatted(2 * WAITING));
		BacklogStore backlog = this.harness.dialect().backlogStore(this.session, JdbcStoreHarness.TABLES);
		Map<String, Long> touched = touched(
				() -> assertThat(backlog.measure(0).waiting()).isGreaterThanOrEqualTo(BacklogSample.LIMIT));
		assertThat(touched).containsOnlyKeys(PRIMARY_KEY);
		assertThat(touched.get(PRIMARY_KEY)).isLessThan(2 * BacklogSample.LIMIT + 1000);
	}

	private void fill(Statistics statistics) {
		if (statistics == Statistics.OF_AN_EMPTY_TABLE) {
			database.sql("VACUUM ANALYZE outbox_event");
			// Often enough for the driver to prepare, and the server to keep, the plans.
			EventRef nobody = new EventRef(1, UUID.randomUUID());
			for (int i = 0; i < 10; i++) {
				drain();
				readKey();
				this.relay.settle(List.of(nobody));
				this.relay.payloads(List.of(nobody));
				this.relay.recordFailure(this.claim, nobody, "refused", Duration.ofSeconds(1));
				this.relay.recordCarefulSend(this.claim, nobody);
				this.relay.deadLetter(this.claim, nobody,
						new GivenUp("refused", "0123456789abcdef", null, true, false, false));
			}
		}
		int part = DatabaseHarness.partition("key-7");
		database.sql("""
				INSERT INTO outbox_event (id, part, event_key, event_type, event_version, transport, destination,
					content_type, payload)
				SELECT gen_random_uuid(), %d, 'key-' || n %% 100, 'test', 1, 'test', 'orders', 'text/plain', 'x'
				FROM generate_series(1, %d) n ORDER BY n""".formatted(part, WAITING));
		if (statistics == Statistics.OF_A_FULL_TABLE) {
			database.sql("VACUUM ANALYZE outbox_event");
		}
	}

	private Position drain() {
		ReadResult result = read(this.relay.start());
		while (!result.drained()) {
			result = read(result.next());
		}
		return result.next();
	}

	private ReadResult read(Position from) {
		Set<Integer> parts = IntStream.range(0, DatabaseHarness.PARTITIONS).boxed().collect(toSet());
		return this.relay
			.read(new ReadRequest(new ReadScope("test", parts, Set.of(), null), from, Long.MAX_VALUE, 2000, 1 << 20));
	}

	private RelayStore.KeyRows readKey() {
		return this.relay
			.readKey(new KeyRead(DatabaseHarness.partition("key-7"), "key-7", DatabaseHarness.ORDERS, 1, 256, 1 << 20));
	}

	private List<EventRef> rows() {
		return read(this.relay.start()).events().stream().map((event) -> event.ref()).toList();
	}

	/**
	 * Returns how many entries of each of the table's indexes the relay's session reads.
	 */
	private Map<String, Long> touched(Runnable work) {
		Map<String, Long> before = counters();
		work.run();
		Map<String, Long> after = counters();
		after.replaceAll((index, count) -> count - before.get(index));
		after.values().removeIf((count) -> count == 0);
		return after;
	}

	private Map<String, Long> counters() {
		JdbcTemplate jdbc = new JdbcTemplate(this.session);
		jdbc.execute("SELECT pg_stat_force_next_flush()");
		return jdbc.queryForList("""
				SELECT indexrelname, idx_tup_read FROM pg_stat_user_indexes
				WHERE relname = 'outbox_event' AND schemaname = current_schema()
				UNION ALL SELECT 'parallel workers', parallel_workers_launched FROM pg_stat_database
				WHERE datname = current_database()""")
			.stream()
			.collect(toMap((row) -> (String) row.get("indexrelname"), (row) -> (Long) row.get("idx_tup_read")));
	}

	/**
	 * What the server's statistics are of.
	 */
	enum Statistics {

		MISSING, OF_AN_EMPTY_TABLE, OF_A_FULL_TABLE

	}

}
