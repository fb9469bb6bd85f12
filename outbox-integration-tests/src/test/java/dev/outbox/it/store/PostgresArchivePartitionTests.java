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
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.ArchivePartition;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.store.StoredEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * The partitions of the archive on PostgreSQL.
 */
@ExtendWith(OutputCaptureExtension.class)
class PostgresArchivePartitionTests {

	private static final Duration MONTH = Duration.ofDays(30);

	private final PostgresDatabase database = PostgresDatabase.fresh();

	private JdbcStoreHarness harness;

	private HousekeepingStore housekeeping;

	@BeforeEach
	void create() {
		this.harness = new JdbcStoreHarness(this.database);
		this.housekeeping = this.harness.dialect()
			.housekeepingStore(this.database.dataSource(), JdbcStoreHarness.TABLES);
	}

	@AfterEach
	void drop() {
		this.database.close();
	}

	private void archive(String payload) {
		this.harness.insert("a", payload);
		this.harness.archivingRelay()
			.settle(this.harness.scan()
				.step(Long.MAX_VALUE, 10, Long.MAX_VALUE)
				.events()
				.stream()
				.map(StoredEvent::ref)
				.toList());
	}

	/**
	 * Creates the partition of a day that has passed, with an event.
	 */
	private String old(int days) {
		String day = "(now() AT TIME ZONE 'UTC')::date - " + days;
		String name = "outbox_archive_" + this.database.value("SELECT to_char(" + day + ", 'YYYYMMDD')");
		this.database.sql("CREATE TABLE " + name + " PARTITION OF outbox_archive FOR VALUES FROM ('"
				+ this.database.value("SELECT ((" + day + ")::timestamp AT TIME ZONE 'UTC')::text") + "') TO ('"
				+ this.database.value("SELECT ((" + day + " + 1)::timestamp AT TIME ZONE 'UTC')::text") + "')");
		archive("of " + days + " days ago");
		this.database.sql("UPDATE outbox_archive SET archived_at = (" + day
				+ " + interval '12 hours') AT TIME ZONE 'UTC'" + " WHERE payload = 'of " + days + " days ago'");
		return name;
	}

	private String today(int plusDays) {
		return "outbox_archive_" + this.database
			.value("SELECT to_char((now() AT TIME ZONE 'UTC')::date + " + plusDays + ", 'YYYYMMDD')");
	}

	private List<String> partitions() {
		return this.database
			.query("SELECT inhrelid::regclass::text AS name FROM pg_inherits"
					+ " WHERE inhparent = 'outbox_archive'::regclass ORDER BY 1")
			.stream()
			.map((row) -> (String) row.get("name"))
			.toList();
	}

	private String events() {
		return this.database
			.query("SELECT tableoid::regclass || ':' || convert_from(payload, 'UTF8') AS event FROM outbox_archive"
					+ " ORDER BY number")
			.stream()
			.map((row) -> (String) row.get("event"))
			.collect(Collectors.joining(","));
	}

	@Test
	void partitionsAreThereBeforeTheyAreNeededAndEventsGoToThem() {
		this.housekeeping.maintainArchive(MONTH, ArchivePartition.DAY);
		this.housekeeping.maintainArchive(MONTH, ArchivePartition.DAY);
		assertThat(partitions()).containsExactly(today(0), today(1), today(2), "outbox_archive_default");
		archive("1");
		assertThat(events()).isEqualTo(today(0) + ":1");
		assertThat(this.database.number("SELECT count(DISTINCT (attcompression, attstorage)) FROM pg_attribute"
				+ " WHERE attname = 'payload' AND attrelid IN (SELECT inhrelid FROM pg_inherits"
				+ " WHERE inhparent = 'outbox_archive'::regclass)"))
			.isOne();
	}

	@Test
	void withoutItsPartitionAnEventGoesToTheDefaultOneAndExpiresThere() {
		archive("1");
		this.housekeeping.maintainArchive(MONTH, ArchivePartition.DAY);
		assertThat(partitions()).containsExactly(today(1), today(2), "outbox_archive_default");
		assertThat(events()).isEqualTo("outbox_archive_default:1");
		this.database.sql("UPDATE outbox_archive SET archived_at = now() - interval '31 days'");
		archive("2");
		assertThat(this.housekeeping.removeExpired(Kept.ARCHIVED_EVENT, MONTH, 10)).isOne();
		assertThat(events()).isEqualTo("outbox_archive_default:2");
	}

	@Test
	void aPartitionIsDroppedWhenAllOfItHasExpiredAndNotBefore() {
		String expired = old(33);
		String expiring = old(30);
		this.housekeeping.maintainArchive(MONTH, ArchivePartition.DAY);
		assertThat(partitions()).contains(expiring).doesNotContain(expired);
		this.database.sql("UPDATE outbox_archive SET archived_at = archived_at - interval '11 hours'");
		assertThat(this.housekeeping.removeExpired(Kept.ARCHIVED_EVENT, MONTH, 10)).isZero();
		assertThat(events()).isEqualTo(expiring + ":of 30 days ago");
	}

	@Test
	void whatIsBeingReadIsDroppedLaterAndNobodyWaits() throws Exception {
		String expired = old(33);
		try (Connection reader = this.database.dataSource().getConnection();
				Statement statement = reader.createStatement()) {
			reader.setAutoCommit(false);
			statement.execute("SELECT count(*) FROM outbox_archive");
			this.housekeeping.maintainArchive(MONTH, ArchivePartition.DAY);
			assertThat(partitions()).contains(expired);
			archive("1");
			reader.rollback();
		}
		this.housekeeping.maintainArchive(MONTH, ArchivePartition.DAY);
		assertThat(partitions()).doesNotContain(expired);
		assertThat(events()).endsWith(":1");
	}

	@Test
	void whileAnotherInstanceIsAtItNothingIsDone() throws Exception {
		String expired = old(33);
		try (Connection other = this.database.dataSource().getConnection();
				Statement statement = other.createStatement()) {
			other.setAutoCommit(false);
			statement.execute("SELECT pg_advisory_xact_lock(" + JdbcStoreHarness.TABLES.lock("housekeeping") + ")");
			this.housekeeping.maintainArchive(MONTH, ArchivePartition.DAY);
			assertThat(partitions()).containsExactly(expired, "outbox_archive_default");
			other.rollback();
		}
	}

	@Test
	void aUserWithoutTheRightToChangeTablesDeletesRowByRow(CapturedOutput output) {
		String expired = old(33);
		archive("1");
		this.database.sql("CREATE ROLE cleaner LOGIN", "GRANT SELECT, UPDATE, DELETE ON outbox_archive TO cleaner");
		try {
			HousekeepingStore store = this.harness.dialect()
				.housekeepingStore(new DriverManagerDataSource(this.database.jdbcUrl(), "cleaner", ""),
						JdbcStoreHarness.TABLES);
			store.maintainArchive(MONTH, ArchivePartition.DAY);
			store.maintainArchive(MONTH, ArchivePartition.DAY);
			assertThat(output.getOut()).containsOnlyOnce("gets no partitions").contains("outbox.published.partition");
			assertThat(partitions()).containsExactly(expired, "outbox_archive_default");
			assertThat(store.removeExpired(Kept.ARCHIVED_EVENT, MONTH, 10)).isOne();
			assertThat(events()).isEqualTo("outbox_archive_default:1");
		}
		finally {
			this.database.sql("DROP OWNED BY cleaner", "DROP ROLE cleaner");
		}
	}

	/**
	 * Users of one role take turns: their passwords expire, or the next release has
	 * another one.
	 */
	@Test
	void partitionsBelongToTheOwnerOfTheArchiveWhoeverMakesThem() {
		rotatingUsers();
		try {
			cleaner("monday").maintainArchive(MONTH, ArchivePartition.DAY);
			assertThat(partitions()).containsExactly(today(0), today(1), today(2), "outbox_archive_default");
			assertThat(this.database.query("SELECT DISTINCT pg_get_userbyid(relowner)::text AS owner FROM pg_class"
					+ " WHERE oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'outbox_archive'::regclass)"))
				.containsExactly(Map.of("owner", "keeper"));
		}
		finally {
			dropRotatingUsers();
		}
	}

	@Test
	void whatIsInPartitionsOfAnotherOwnerIsDeletedRowByRow(CapturedOutput output) {
		String foreign = old(33);
		rotatingUsers();
		try {
			this.database.sql("ALTER TABLE " + foreign + " OWNER TO monday");
			HousekeepingStore store = cleaner("tuesday");
			store.maintainArchive(MONTH, ArchivePartition.DAY);
			store.maintainArchive(MONTH, ArchivePartition.DAY);
			assertThat(partitions()).contains(foreign, today(2));
			assertThat(output.getOut()).containsOnlyOnce("has partitions of another owner").contains("OWNER TO keeper");
			assertThat(store.removeExpired(Kept.ARCHIVED_EVENT, MONTH, 10)).isOne();
			assertThat(events()).isEmpty();
		}
		finally {
			dropRotatingUsers();
		}
	}

	private void rotatingUsers() {
		this.database.sql("CREATE ROLE keeper", "CREATE ROLE monday LOGIN IN ROLE keeper",
				"CREATE ROLE tuesday LOGIN IN ROLE keeper", "GRANT CREATE ON SCHEMA public TO keeper",
				"ALTER TABLE outbox_archive OWNER TO keeper", "ALTER TABLE outbox_archive_default OWNER TO keeper");
	}

	private void dropRotatingUsers() {
		this.database.sql("DROP OWNED BY monday, tuesday, keeper CASCADE", "DROP ROLE monday, tuesday, keeper");
	}

	private HousekeepingStore cleaner(String user) {
		return this.harness.dialect()
			.housekeepingStore(new DriverManagerDataSource(this.database.jdbcUrl(), user, ""), JdbcStoreHarness.TABLES);
	}

	@Test
	void monthsAreMadeBesideDays() {
		this.housekeeping.maintainArchive(MONTH, ArchivePartition.DAY);
		this.housekeeping.maintainArchive(Duration.ofDays(365), ArchivePartition.MONTH);
		Object next = this.database
			.value("SELECT to_char((now() AT TIME ZONE 'UTC')::date + interval '2 months', 'YYYYMM')");
		assertThat(partitions()).contains(today(0), "outbox_archive_" + next);
		archive("1");
		assertThat(events()).isEqualTo(today(0) + ":1");
	}

	@Test
	void eventsThatAreKeptForLessThanAPartitionAreDeletedRowByRow() {
		this.housekeeping.maintainArchive(MONTH, ArchivePartition.MONTH);
		this.housekeeping.maintainArchive(MONTH, ArchivePartition.NONE);
		assertThat(partitions()).containsExactly("outbox_archive_default");
		old(40);
		assertThat(this.housekeeping.removeExpired(Kept.ARCHIVED_EVENT, MONTH, 10)).isOne();
		assertThat(events()).isEmpty();
	}

	/**
	 * As after a time without a retention. PostgreSQL would look through it while nobody
	 * can archive.
	 */
	@Test
	void aLargeDefaultPartitionIsLookedThroughWhileOthersGoOn() {
		fillDefaultPartition();
		long before = looks();
		this.housekeeping.maintainArchive(MONTH, ArchivePartition.DAY);
		assertThat(partitions()).containsExactly(today(2), "outbox_archive_default");
		assertThat(constraints()).isEmpty();
		await().atMost(Duration.ofSeconds(30)).until(() -> looks() > before);
		assertThat(looks()).as("that of the validation").isEqualTo(before + 1);
		archive("1");
		assertThat(
				this.database.value("SELECT tableoid::regclass::text FROM outbox_archive ORDER BY number DESC LIMIT 1"))
			.isEqualTo("outbox_archive_default");
	}

	@Test
	void whatAProcessThatHasDiedLeavesBehindIsUsedOrRemoved() {
		fillDefaultPartition();
		forbid(0);
		forbid(1);
		forbid(2);
		assertThatThrownBy(() -> archive("refused")).hasStackTraceContaining("_soon");
		this.housekeeping.maintainArchive(MONTH, ArchivePartition.DAY);
		assertThat(constraints()).isEmpty();
		assertThat(partitions()).containsExactly(today(2), "outbox_archive_default");
		forbid(0);
		forbid(2);
		this.housekeeping.maintainArchive(MONTH, ArchivePartition.DAY);
		assertThat(constraints()).isEmpty();
	}

	/**
	 * Also if there is nothing to be partitioned any more.
	 */
	@ParameterizedTest
	@EnumSource(names = { "DAY", "NONE" })
	void whatAProcessThatHasDiedLeavesBehindIsRemovedFromASmallDefaultPartition(ArchivePartition width) {
		forbid(0);
		forbid(2);
		this.housekeeping.maintainArchive(MONTH, width);
		assertThat(constraints()).isEmpty();
	}

	@Test
	void aLargeDefaultPartitionThatIsBeingReadIsLeftAlone() throws Exception {
		fillDefaultPartition();
		try (Connection reader = this.database.dataSource().getConnection();
				Statement statement = reader.createStatement()) {
			reader.setAutoCommit(false);
			statement.execute("SELECT count(*) FROM outbox_archive");
			this.housekeeping.maintainArchive(MONTH, ArchivePartition.DAY);
			assertThat(partitions()).containsExactly("outbox_archive_default");
			assertThat(constraints()).isEmpty();
			reader.rollback();
		}
		this.housekeeping.maintainArchive(MONTH, ArchivePartition.DAY);
		assertThat(partitions()).containsExactly(today(2), "outbox_archive_default");
	}

	private void fillDefaultPartition() {
		archive("first");
		this.database.sql("ALTER TABLE outbox_archive_default ALTER payload SET STORAGE PLAIN", """
				INSERT INTO outbox_archive (seq, id, part, event_type, event_version, transport, destination,
					content_type, payload, created_at, archived_at)
				SELECT n, gen_random_uuid(), 1, 't', 1, 'kafka', 'd', 'text/plain',
					convert_to(repeat('x', 7000), 'UTF8'), now(), now() - interval '1 day'
				FROM generate_series(1, 2000) n""", "VACUUM ANALYZE outbox_archive_default");
	}

	/**
	 * Makes the constraint of a partition that is to come.
	 */
	private void forbid(int day) {
		this.database
			.sql("ALTER TABLE outbox_archive_default ADD CONSTRAINT " + today(day) + "_soon CHECK (archived_at < '"
					+ midnight(day) + "' OR archived_at >= '" + midnight(day + 1) + "') NOT VALID");
	}

	private Object midnight(int day) {
		return this.database
			.value("SELECT (((now() AT TIME ZONE 'UTC')::date + " + day + ")::timestamp AT TIME ZONE 'UTC')::text");
	}

	private List<Map<String, Object>> constraints() {
		return this.database.query("SELECT conname FROM pg_constraint WHERE contype = 'c'"
				+ " AND conrelid = 'outbox_archive_default'::regclass");
	}

	/**
	 * How often it has been read from beginning to end.
	 */
	private long looks() {
		return this.database
			.number("SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'outbox_archive_default'");
	}

}
