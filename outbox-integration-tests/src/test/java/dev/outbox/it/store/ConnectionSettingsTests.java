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

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.store.Claim;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.KeyRead;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.Operator;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A connection of the application's pool goes back as it came.
 */
class ConnectionSettingsTests {

	@RegisterExtension
	static PostgresDatabase database = PostgresDatabase.fresh();

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void everySettingIsReadBackUnchanged(boolean autoCommit) throws Exception {
		JdbcStoreHarness harness = new JdbcStoreHarness(database);
		harness.insert("a", "1", "2", "3");
		try (Connection connection = database.dataSource().getConnection()) {
			connection.createStatement()
				.execute("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL SERIALIZABLE, READ ONLY");
			connection.setAutoCommit(autoCommit);
			Map<String, String> before = settings(connection);
			useEverything(harness.dialect(), pool(connection));
			assertThat(connection.getAutoCommit()).isEqualTo(autoCommit);
			assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
			assertThat(settings(connection)).isEqualTo(before);
			assertThat(before).containsEntry("transaction_isolation", "serializable")
				.containsEntry("synchronous_commit", "on")
				.containsEntry("enable_seqscan", "on");
		}
	}

	@Test
	void aFailedTransactionLeavesNothingBehind() throws Exception {
		JdbcStoreHarness harness = new JdbcStoreHarness(database);
		try (Connection connection = database.dataSource().getConnection()) {
			Map<String, String> before = settings(connection);
			RelayStore store = harness.dialect().relayStore(pool(connection), new TableNames(null, "nothing_"), false);
			assertThatExceptionOfType(OutboxException.class)
				.isThrownBy(() -> store.settle(List.of(new EventRef(1, UUID.randomUUID()))));
			assertThat(connection.getAutoCommit()).isTrue();
			assertThat(settings(connection)).isEqualTo(before);
		}
	}

	/**
	 * Acknowledged rows are removed without waiting for the disk, nothing else is.
	 */
	@Test
	void onlyTheDeletionOfDeliveredRowsDoesNotWaitForTheDisk() {
		JdbcStoreHarness harness = new JdbcStoreHarness(database);
		database.sql("CREATE TABLE seen (what text, setting text)", """
				CREATE OR REPLACE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
					INSERT INTO seen VALUES (TG_TABLE_NAME || ' ' || TG_OP, current_setting('synchronous_commit')
						|| ' ' || current_setting('transaction_isolation'));
					RETURN NULL; END $$""",
				"CREATE TRIGGER see AFTER INSERT OR UPDATE OR DELETE ON outbox_event"
						+ " FOR EACH STATEMENT EXECUTE FUNCTION see()",
				"CREATE TRIGGER see AFTER INSERT OR DELETE ON outbox_dead_letter"
						+ " FOR EACH STATEMENT EXECUTE FUNCTION see()");
		harness.insert("a", "1", "2");
		Claim claim = harness.claim("a");
		List<EventRef> rows = harness.scan()
			.step(Long.MAX_VALUE, 10, Long.MAX_VALUE)
			.events()
			.stream()
			.map((row) -> row.ref())
			.toList();
		database.sql("DELETE FROM seen");
		harness.relay().recordFailure(claim, rows.get(0), "no", Duration.ZERO);
		harness.relay().deadLetter(claim, rows.get(0), new GivenUp("no", "0123456789abcdef", null, true, false, false));
		harness.deadLetters()
			.replay(harness.deadLetters().list(DeadLetterFilter.all(), 0, 1).get(0).number(), new Operator("test"));
		assertThat(database.query("SELECT DISTINCT setting FROM seen"))
			.containsExactly(Map.of("setting", "on read committed"));
		database.sql("DELETE FROM seen");
		harness.relay().settle(rows);
		assertThat(database.query("SELECT DISTINCT setting FROM seen"))
			.containsExactly(Map.of("setting", "off read committed"));
		database.sql("DROP TRIGGER see ON outbox_event", "DROP TRIGGER see ON outbox_dead_letter");
	}

	static void useEverything(JdbcDialect dialect, DataSource pool) {
		RelayStore relay = dialect.relayStore(pool, JdbcStoreHarness.TABLES, false);
		LeaseStore leases = dialect.leaseStore(pool, JdbcStoreHarness.TABLES, DatabaseHarness.PARTITIONS);
		UUID owner = UUID.randomUUID();
		leases.join(owner, "test", Set.of("test"), Duration.ofMinutes(1));
		leases.renew(owner, Duration.ofMinutes(1));
		leases.take(owner, "test", 64);
		int part = DatabaseHarness.partition("a");
		Claim claim = new Claim(owner, "test", part, leases.observe(owner).owned().get("test").get(part));
		List<EventRef> rows = relay
			.read(new ReadRequest(new ReadScope("test", Set.of(part), Set.of(), null), relay.start(), 10, 10, 1000))
			.events()
			.stream()
			.map((row) -> row.ref())
			.toList();
		relay.readKey(new KeyRead(part, "a", DatabaseHarness.ORDERS, 0, 10, 1000));
		relay.payloads(rows);
		assertThat(relay.recordFailure(claim, rows.get(0), "no", Duration.ZERO)).isTrue();
		assertThat(relay.recordCarefulSend(claim, rows.get(0))).isTrue();
		assertThat(relay.deadLetter(claim, rows.get(0), new GivenUp("no", "0123456789abcdef", null, true, true, false)))
			.isTrue();
		relay.settle(rows);
		relay.moveDue(owner, "test", Set.of(part), 10);
		dialect.deadLetterStore(pool, JdbcStoreHarness.TABLES).replay(1, new Operator("test"));
		dialect.deadLetterStore(pool, JdbcStoreHarness.TABLES).discard(1, new Operator("test"));
		dialect.holdStore(pool, JdbcStoreHarness.TABLES).pause(DatabaseHarness.ORDERS, new Operator("test"));
		dialect.backlogStore(pool, JdbcStoreHarness.TABLES).measure(0);
		new OutboxSchema(dialect, pool, JdbcStoreHarness.TABLES).validate(64);
		leases.release(owner, "test", Set.of(part));
		leases.leave(owner);
	}

	private static Map<String, String> settings(Connection connection) throws SQLException {
		Map<String, String> settings = new TreeMap<>();
		try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery("SHOW ALL")) {
			while (row.next()) {
				settings.put(row.getString(1), String.valueOf(row.getString(2)));
			}
		}
		if (!connection.getAutoCommit()) {
			connection.rollback();
		}
		return settings;
	}

	/**
	 * A pool with one connection that it does not reset.
	 */
	static DataSource pool(Connection connection) {
		Connection open = (Connection) Proxy.newProxyInstance(ConnectionSettingsTests.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, args) -> {
					if (method.getName().equals("close")) {
						return null;
					}
					try {
						return method.invoke(connection, args);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
		return (DataSource) Proxy.newProxyInstance(ConnectionSettingsTests.class.getClassLoader(),
				new Class<?>[] { DataSource.class }, (proxy, method, args) -> open);
	}

}
