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
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import dev.outbox.store.PositionLostException;
import dev.outbox.store.ReadScope;
import dev.outbox.store.jdbc.SqlSyntax;
import dev.outbox.test.contract.Scan;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What scans cost on MySQL and MariaDB, where they remember the numbers that were
 * missing, and what they take for another server, or another table.
 */
abstract class MySqlFamilyScanContract {

	protected abstract JdbcStoreHarness harness();

	/**
	 * After a start, between rows that wait may be as many that were delivered.
	 */
	@Test
	void noStatementAsksForMoreThanSomeRangesAndWhatIsNotCommittedIsFound() {
		harness().begin().insertMany(6000, "a").commitAndClose();
		harness().database().sql("DELETE FROM outbox_event WHERE seq % 2 = 0");
		try (JdbcTransaction slow = harness().begin().insert("slow", "slow")) {
			harness().insert("b", "fast");
			List<String> statements = new CopyOnWriteArrayList<>();
			Scan scan = scan(recording(harness().database().dataSource(), statements));
			assertThat(scan.drain(1000)).hasSize(3001);
			await().during(Duration.ofMillis(1500)).atMost(Duration.ofSeconds(30)).until(() -> scan.poll().isEmpty());
			slow.commit();
			harness().insert("slow", "next");
			assertThat(scan.poll()).containsExactly("slow", "next");
			assertThat(statements).extracting((sql) -> StringUtils.countOccurrencesOf(sql, "BETWEEN"))
				.allMatch((ranges) -> ranges <= 512)
				.anyMatch((ranges) -> ranges > 256);
		}
	}

	/**
	 * A look finds nothing through another index where a row waits for its place there.
	 */
	@Test
	void rowsThatAreNotAskedForAreNotRead() throws SQLException {
		harness().begin().insertMany(2000, "a").commitAndClose();
		harness().begin().insertMany(2000, "b").commitAndClose();
		harness().database().sql("DELETE FROM outbox_event WHERE seq > 2000 AND seq % 2 = 0");
		Connection session = harness().database().dataSource().getConnection();
		SingleConnectionDataSource single = new SingleConnectionDataSource(session, true);
		try {
			Scan scan = scan(single);
			assertThat(scan.drain(1000)).hasSize(3000);
			await().untilAsserted(() -> {
				assertThat(scan.poll()).isEmpty();
				assertThat(scan.position().toString()).doesNotContain("UNKNOWN");
			});
			long before = read(session);
			for (int i = 0; i < 10; i++) {
				assertThat(scan.poll()).isEmpty();
			}
			// Some are read as the end of a range, and those between gaps by one look.
			assertThat(read(session) - before).isLessThan(10 * 1000 + 3000);
		}
		finally {
			single.destroy();
		}
	}

	private static long read(Connection session) throws SQLException {
		try (Statement statement = session.createStatement();
				ResultSet row = statement.executeQuery("SHOW SESSION STATUS WHERE Variable_name IN"
						+ " ('Handler_read_next', 'Handler_read_rnd_next')")) {
			long sum = 0;
			while (row.next()) {
				sum += row.getLong(2);
			}
			return sum;
		}
	}

	@Test
	void aLookReachesWhatIsBehindALargeTransaction() {
		Scan scan = harness().scan();
		try (JdbcTransaction large = harness().begin().insertMany(5001, "large");
				JdbcTransaction late = harness().begin()) {
			harness().insert("b", "1");
			late.insert("b", "late");
			harness().insert("b", "2");
			harness().begin().insert("b", "never").close();
			harness().insert("b", "3");
			assertThat(scan.poll()).containsExactly("1", "2", "3");
			await().untilAsserted(() -> {
				assertThat(scan.poll()).isEmpty();
				assertThat(scan.position().toString()).containsPattern("from=1, to=5001, passedAt=[-0-9]+, found=ROWS")
					.containsPattern("from=5003, to=5003, passedAt=[-0-9]+, found=ROWS")
					.containsPattern("from=5005, to=5005, passedAt=[-0-9]+, found=NOTHING");
			});
			large.commit();
		}
		assertThat(scan.drain(1000)).hasSize(5001);
	}

	/**
	 * What one page of a look does not reach the end of may be full of rows.
	 */
	@Test
	void aLookTakesNothingForEmptyThatItHasNotReached() {
		Scan scan = harness().scan();
		try (JdbcTransaction first = harness().begin().insertMany(3000, "first")) {
			harness().insert("b", "1");
			try (JdbcTransaction second = harness().begin().insertMany(9000, "second")) {
				harness().insert("b", "2");
				assertThat(scan.poll()).containsExactly("1", "2");
				await().untilAsserted(() -> {
					assertThat(scan.poll()).isEmpty();
					assertThat(scan.position().toString())
						.containsPattern("from=1, to=3000, passedAt=[-0-9]+, found=ROWS")
						.containsPattern("from=3002, to=12001, passedAt=[-0-9]+, found=ROWS");
				});
				second.commit();
			}
			first.commit();
		}
		assertThat(scan.drain(1000)).hasSize(12_000);
	}

	@Test
	void gapsBetweenWhichNothingIsLeftBecomeOne() {
		Scan scan = harness().scan();
		for (int i = 0; i < 30; i++) {
			harness().begin().insert("a", "never").close();
			harness().insert("b", "delivered");
		}
		assertThat(scan.poll()).hasSize(30);
		harness().database().sql("DELETE FROM outbox_event");
		await().untilAsserted(() -> {
			assertThat(scan.poll()).isEmpty();
			assertThat(StringUtils.countOccurrencesOf(scan.position().toString(), "Gap[")).isLessThanOrEqualTo(2);
		});
	}

	/**
	 * Numbers begin again, and the cursor is behind them.
	 */
	@Test
	void eventsAreFoundAfterTheirTableWasTruncated() {
		Scan scan = harness().scan();
		harness().insert("a", "1", "2", "3");
		assertThat(scan.poll()).containsExactly("1", "2", "3");
		harness().database().sql("TRUNCATE TABLE outbox_event");
		harness().insert("a", "4");
		await().untilAsserted(() -> assertThatExceptionOfType(PositionLostException.class).isThrownBy(scan::poll)
			.withMessageContaining("truncated"));
		assertThat(harness().scan().poll()).containsExactly("4");
	}

	/**
	 * Servers say in several ways that they take no writes.
	 */
	@ParameterizedTest
	@CsvSource({ "0, 0", "1, 1", "'OFF', 0", "'ON', 1", "'NO_LOCK', 1", "'NO_LOCK_NO_ADMIN', 1" })
	void aServerThatTakesNoWritesIsRecognised(String value, int expected) {
		String literal = Character.isDigit(value.charAt(0)) ? value : '\'' + value + '\'';
		String expression = ((SqlSyntax) harness().dialect()).isReplica();
		for (String variable : List.of("@@global.read_only", "@@global.innodb_read_only")) {
			assertThat(harness().database().number("SELECT " + expression.replace(variable, literal)))
				.isEqualTo(expected);
		}
		assertThat(
				harness().database().number("SELECT " + expression.replace("@@global.auto_increment_increment", "2")))
			.isEqualTo(2);
	}

	/**
	 * What was sent is not forgotten, and not sent again, while the server is maintained.
	 */
	@Test
	void aServerThatTakesNoWritesIsAskedAgain() {
		Scan scan = harness().scan();
		harness().insert("a", "1");
		assertThat(scan.poll()).containsExactly("1");
		harness().database().sql("SET GLOBAL read_only = 1");
		try {
			assertThatExceptionOfType(OutboxException.class).isThrownBy(scan::poll)
				.isNotInstanceOf(PositionLostException.class)
				.withMessageContaining("read-only");
		}
		finally {
			harness().database().sql("SET GLOBAL read_only = 0");
		}
		harness().insert("a", "2");
		assertThat(scan.poll()).containsExactly("2");
	}

	/**
	 * Behind a proxy a connection can stay open while its server is another one.
	 */
	@Test
	void aConnectionThatLeadsToAnotherSessionIsAskedWhichServerItIs() throws SQLException {
		harness().insert("a", "1");
		List<String> statements = new CopyOnWriteArrayList<>();
		Connection[] session = { harness().database().dataSource().getConnection() };
		Connection proxy = recording(() -> session[0], statements);
		Scan scan = scan(new SingleConnectionDataSource(proxy, true));
		assertThat(scan.poll()).containsExactly("1");
		assertThat(scan.poll()).isEmpty();
		assertThat(statements).filteredOn((sql) -> sql.contains("Uptime")).hasSize(1);
		session[0].close();
		session[0] = harness().database().dataSource().getConnection();
		assertThat(scan.poll()).isEmpty();
		assertThat(statements).filteredOn((sql) -> sql.contains("Uptime")).hasSize(2);
		session[0].close();
	}

	private Scan scan(DataSource dataSource) {
		Set<Integer> all = IntStream.range(0, DatabaseHarness.PARTITIONS).boxed().collect(Collectors.toSet());
		return new Scan(harness().dialect().relayStore(dataSource, JdbcStoreHarness.TABLES, false),
				new ReadScope("test", all, Set.of(), null));
	}

	private static DataSource recording(DataSource dataSource, List<String> statements) {
		return new DelegatingDataSource(dataSource) {

			@Override
			public Connection getConnection() throws SQLException {
				Connection connection = super.getConnection();
				return recording(() -> connection, statements);
			}

		};
	}

	private static Connection recording(Supplier<Connection> connection, List<String> statements) {
		return (Connection) Proxy.newProxyInstance(MySqlFamilyScanContract.class.getClassLoader(),
				new Class<?>[] { Connection.class }, (proxy, method, args) -> {
					if (method.getName().equals("unwrap")) {
						return proxy;
					}
					if (method.getName().equals("prepareStatement")) {
						statements.add((String) args[0]);
					}
					try {
						return method.invoke(connection.get(), args);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

}
