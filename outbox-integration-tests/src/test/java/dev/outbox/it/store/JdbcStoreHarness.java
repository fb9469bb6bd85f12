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
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

import javax.sql.DataSource;

import dev.outbox.Destination;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.AuditStore;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.ClusterStore;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.EventStore;
import dev.outbox.store.ForwardStore;
import dev.outbox.store.HoldStore;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.HousekeepingStore.Kept;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.RelayStore;
import dev.outbox.store.SharedBacklogStore;
import dev.outbox.store.jdbc.EventWriter;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.JdbcEventStore;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.test.contract.Deaths;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The stores of one database with tables.
 */
final class JdbcStoreHarness extends DatabaseHarness {

	static final TableNames TABLES = new TableNames(null, "outbox_");

	private static final String COLUMNS = """
			id, part, event_key, event_type, event_version, transport, destination, content_type, payload, created_at""";

	private final TestDatabase<?> database;

	private final Product product;

	private final JdbcDialect dialect;

	private final DataSource dataSource;

	JdbcStoreHarness(TestDatabase<?> database) {
		this.database = database;
		this.product = Product.of(database);
		this.dialect = this.product.dialect();
		this.dataSource = database.dataSource();
		OutboxSchema schema = new OutboxSchema(this.dialect, this.dataSource, TABLES);
		schema.create();
		schema.validate(PARTITIONS);
		for (String table : List.of("event", "scheduled", "dead_letter", "archive", "instance", "partition",
				"blocked_key", "destination_state", "idempotency", "audit", "backlog")) {
			clear(table);
		}
		restartNumbers();
	}

	/**
	 * Returns a source of connections on MySQL or MariaDB that wait no longer than a
	 * second for a lock.
	 */
	DataSource impatient() {
		String url = this.database.jdbcUrl();
		return new DriverManagerDataSource(
				url + (url.contains("?") ? '&' : '?') + "sessionVariables=innodb_lock_wait_timeout=1",
				this.database.user(), this.database.password());
	}

	TestDatabase<?> database() {
		return this.database;
	}

	Product product() {
		return this.product;
	}

	JdbcDialect dialect() {
		return this.dialect;
	}

	EventWriter writer() {
		return this.dialect.eventWriter(TABLES, Duration.ofDays(7));
	}

	@Override
	public RelayStore relay() {
		return this.dialect.relayStore(this.dataSource, TABLES, false);
	}

	@Override
	RelayStore archivingRelay() {
		return this.dialect.relayStore(this.dataSource, TABLES, true);
	}

	@Override
	public LeaseStore leases() {
		return this.dialect.leaseStore(this.dataSource, TABLES, PARTITIONS);
	}

	@Override
	public DeadLetterStore deadLetters() {
		return this.dialect.deadLetterStore(this.dataSource, TABLES);
	}

	@Override
	public HoldStore holds() {
		return this.dialect.holdStore(this.dataSource, TABLES);
	}

	@Override
	SharedBacklogStore sharedBacklog() {
		return this.dialect.sharedBacklogStore(this.dataSource, TABLES);
	}

	@Override
	void makeSharedBacklogYounger(Duration time) {
		this.database
			.sql("UPDATE outbox_backlog SET claimed_at = " + fromNow(time) + ", measured_at = " + fromNow(time));
	}

	@Override
	AuditStore audit() {
		return this.dialect.auditStore(this.dataSource, TABLES);
	}

	@Override
	ClusterStore cluster() {
		return this.dialect.clusterStore(this.dataSource, TABLES);
	}

	@Override
	ForwardStore forwards() {
		return this.dialect.forwardStore(this.dataSource, TABLES);
	}

	@Override
	BacklogStore backlog() {
		return this.dialect.backlogStore(this.dataSource, TABLES);
	}

	@Override
	HousekeepingStore housekeeping() {
		return this.dialect.housekeepingStore(this.dataSource, TABLES);
	}

	@Override
	ArchiveStore archive() {
		return this.dialect.archiveStore(this.dataSource, TABLES);
	}

	@Override
	public EventStore eventStore() {
		return new JdbcEventStore(this.dataSource, writer());
	}

	@Override
	TransactionTemplate transaction() {
		return new TransactionTemplate(new DataSourceTransactionManager(this.dataSource));
	}

	@Override
	Set<Ability> abilities() {
		return EnumSet.allOf(Ability.class);
	}

	@Override
	public JdbcTransaction begin() {
		return new JdbcTransaction(this.dataSource, writer());
	}

	@Override
	JdbcTransaction beginInForeignTimeZone() {
		return begin().sql(this.product.foreignTimeZone());
	}

	@Override
	JdbcTransaction beginByReadingClaims() {
		return begin().sql("SELECT * FROM outbox_idempotency");
	}

	@Override
	JdbcTransaction beginRenewal(UUID instance) {
		leases().renew(instance, Duration.ofHours(1));
		this.database.sql("UPDATE outbox_instance SET expires_at = " + fromNow(Duration.ofSeconds(-1))
				+ " WHERE expires_at > " + fromNow(Duration.ofMinutes(30)));
		return begin().readCommitted()
			.sql("UPDATE outbox_instance SET expires_at = " + fromNow(Duration.ofMinutes(1)) + " WHERE expires_at < "
					+ fromNow(Duration.ZERO));
	}

	@Override
	boolean aTransactionWaits() {
		return this.database.number(this.product.waitingTransactions()) > 0;
	}

	@Override
	Refusal refusal() {
		return new Refusal(SQLException.class, "event_key", "SQL state " + this.product.refused());
	}

	@Override
	long count(String table) {
		return this.database.number("SELECT count(*) FROM outbox_" + table);
	}

	@Override
	long lastNumber() {
		return this.database.number("SELECT max(seq) FROM outbox_event");
	}

	@Override
	List<String> keys() {
		return texts("SELECT event_key AS found FROM outbox_event ORDER BY seq");
	}

	@Override
	long createdAt(Instant time) {
		return this.database.number("SELECT count(*) FROM outbox_event WHERE created_at = " + at(time));
	}

	@Override
	List<@Nullable String> scheduledFor(Instant time) {
		return texts("SELECT " + this.product.text("payload") + " AS found FROM outbox_scheduled WHERE deliver_at = "
				+ at(time));
	}

	@Override
	long claimedWithin(Duration time) {
		return this.database.number("SELECT count(*) FROM outbox_idempotency WHERE created_at BETWEEN "
				+ fromNow(time.negated()) + " AND " + fromNow(Duration.ofSeconds(1)));
	}

	@Override
	List<Archived> archived() {
		return this.database
			.query("SELECT seq, event_key, " + this.product.text("payload")
					+ " AS payload FROM outbox_archive WHERE archived_at IS NOT NULL ORDER BY number")
			.stream()
			.map((row) -> new Archived(((Number) row.get("seq")).longValue(), (String) row.get("event_key"),
					(String) row.get("payload")))
			.toList();
	}

	@Override
	@Nullable Object firstFailedAt() {
		return this.database.value("SELECT first_failed_at FROM outbox_event");
	}

	@Override
	@Nullable Object lastError() {
		return this.database.value("SELECT last_error FROM outbox_event");
	}

	@Override
	long instancesThatLiveFor(Duration time) {
		return this.database.number("SELECT count(*) FROM outbox_instance WHERE expires_at > " + fromNow(time));
	}

	@Override
	List<String> kept(Kept what) {
		return texts(switch (what) {
			case IDEMPOTENCY_KEY -> "SELECT idempotency_key AS found FROM outbox_idempotency ORDER BY 1";
			case ARCHIVED_EVENT -> "SELECT event_key AS found FROM outbox_archive ORDER BY seq";
			case DEAD_LETTER -> "SELECT event_key AS found FROM outbox_dead_letter ORDER BY seq";
			case AUDIT_ENTRY -> "SELECT event_key AS found FROM outbox_audit ORDER BY number";
		});
	}

	private List<String> texts(String query) {
		return this.database.query(query).stream().map((row) -> (String) row.get("found")).toList();
	}

	@Override
	void clear(String table) {
		this.database.sql("DELETE FROM outbox_" + table);
	}

	@Override
	void restartNumbers() {
		this.database.sql(this.product.restartNumbers());
	}

	@Override
	void makeFailuresOlder(Duration age) {
		this.database.sql("UPDATE outbox_event SET first_failed_at = " + fromNow(age.negated()) + ", next_attempt_at = "
				+ fromNow(age.negated()));
	}

	@Override
	void makeOlder(long number, Duration age) {
		this.database.sql("UPDATE outbox_event SET created_at = " + fromNow(age.negated()) + " WHERE seq = " + number);
	}

	@Override
	void makeClaimsOlder(Duration age) {
		this.database.sql("UPDATE outbox_idempotency SET created_at = " + fromNow(age.negated()));
	}

	@Override
	void setArchivedAt(Instant time) {
		this.database.sql("UPDATE outbox_archive SET archived_at = " + at(time));
	}

	@Override
	void damageArchived(String payload) {
		this.database.sql("UPDATE outbox_archive SET options = '[]' WHERE " + this.product.text("payload") + " = '"
				+ payload + "'");
	}

	@Override
	void damageDeadLetters() {
		this.database.sql("UPDATE outbox_dead_letter SET headers = '{\"a\":null}'");
	}

	@Override
	void repairArchived() {
		this.database.sql("UPDATE outbox_archive SET options = NULL");
	}

	@Override
	void expireLeases(long epoch) {
		this.database.sql("UPDATE outbox_partition SET epoch = " + epoch,
				"UPDATE outbox_instance SET expires_at = " + fromNow(Duration.ofSeconds(-1)));
	}

	@Override
	void block(Destination destination, String key) {
		this.database.update(
				"INSERT INTO outbox_blocked_key (transport, destination, event_key, blocked_at, seq, id)"
						+ " VALUES (?, ?, ?, " + fromNow(Duration.ZERO) + ", 0, " + this.product.randomId() + ")",
				destination.transport(), destination.name(), key);
	}

	@Override
	void addKept(int number, Duration age, boolean blocksKey) {
		String then = fromNow(age.negated());
		insert("outbox_idempotency (idempotency_key, id, created_at)",
				"'" + number + "', " + this.product.randomId() + ", " + then);
		insert("outbox_archive (" + COLUMNS + ", seq, archived_at)", values(number) + ", " + number + ", " + then);
		insert("outbox_dead_letter (" + COLUMNS + ", seq, attempts, died_at, error, fingerprint)",
				values(number) + ", " + number + ", 10, " + then + ", 'refused', '" + Deaths.FINGERPRINT + "'");
		if (blocksKey) {
			this.database
				.update("INSERT INTO outbox_blocked_key (transport, destination, event_key, blocked_at, seq, id)"
						+ " SELECT transport, destination, event_key, died_at,"
						+ " seq, id FROM outbox_dead_letter WHERE seq = ?", number);
		}
		insert("outbox_audit (happened_at, operator, action, transport, destination, event_key)",
				then + ", 'ann', 'UNBLOCK', 'test', 'orders', '" + number + "'");
	}

	@Override
	void addWaiting() {
		insert("outbox_event (" + COLUMNS + ", attempts, first_failed_at)",
				values(1) + ", 9, " + fromNow(Duration.ofDays(-9)));
		insert("outbox_scheduled (" + COLUMNS + ", deliver_at)", values(1) + ", " + fromNow(Duration.ofDays(1)));
	}

	private void insert(String table, String values) {
		this.database.sql("INSERT INTO " + table + " VALUES (" + values + ")");
	}

	private String values(int number) {
		return this.product.randomId() + ", 1, '" + number + "', 'test', 1, 'test', 'orders', 'text/plain', '', "
				+ fromNow(Duration.ofDays(-9));
	}

	private String fromNow(Duration time) {
		return this.product.fromNow(time.toMillis() / 1000.0);
	}

	private String at(Instant time) {
		return this.product.time(time.toString().replace('T', ' ').replace("Z", ""));
	}

}
