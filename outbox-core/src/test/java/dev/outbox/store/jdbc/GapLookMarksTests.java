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

package dev.outbox.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.outbox.store.jdbc.Gaps.Gap;
import dev.outbox.store.jdbc.Gaps.Gap.Found;
import dev.outbox.store.jdbc.h2.H2Dialect;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.DriverManagerDataSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A look where nobody sees what is not committed, as on Oracle, or may overlook some of
 * it, as on SQL Server: the marks of transactions tell whether a row can still come. H2
 * stands in for these servers, with a table for the marks.
 */
class GapLookMarksTests {

	private static final String URL = "jdbc:h2:mem:marks";

	private static final long MINUTE = TimeUnit.SECONDS.toNanos(61);

	private static final Gaps GAPS = new Gaps(List.of(Gap.passed(1, 4, 0)));

	private Connection writer;

	private GapLook look;

	@BeforeEach
	void create() throws SQLException {
		this.writer = DriverManager.getConnection(URL);
		sql("CREATE TABLE \"outbox_event\" (seq bigint PRIMARY KEY)");
		sql("CREATE TABLE marks (newest bigint, running bigint)");
		sql("INSERT INTO marks VALUES (10, 10)");
		this.look = look();
	}

	private static GapLook look() {
		H2Dialect h2 = new H2Dialect();
		SqlSyntax syntax = (SqlSyntax) Proxy.newProxyInstance(GapLookMarksTests.class.getClassLoader(),
				new Class<?>[] { SqlSyntax.class }, (proxy, method, arguments) -> {
					try {
						return switch (method.getName()) {
							case "transactionMarks" -> "SELECT newest, running FROM marks";
							default -> method.invoke(h2, arguments);
						};
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
		return new GapLook(new PortableWork(new DriverManagerDataSource(URL), new TableNames(null, "outbox_"), syntax));
	}

	@AfterEach
	void drop() throws SQLException {
		this.writer.close();
	}

	@Test
	void aRowIsFoundThatIsCommittedLate() throws SQLException {
		this.writer.setAutoCommit(false);
		sql("INSERT INTO \"outbox_event\" VALUES (3)");
		Gaps first = this.look.atAll(GAPS, MINUTE);
		this.writer.commit();
		marks(15, 12);
		assertThat(this.look.atAll(first, 2 * MINUTE).ranges()).containsExactly(new Gap(1, 2, 0, Found.NOTHING, 10),
				new Gap(3, 4, 0, Found.ROWS, 0));
	}

	@Test
	void aNumberIsForgottenWhenAllHaveEndedThatMayHaveIt() throws SQLException {
		Gaps first = this.look.atAll(GAPS, MINUTE);
		marks(15, 11);
		Gaps second = this.look.atAll(first, 2 * MINUTE);
		assertThat(second.ranges()).containsExactly(new Gap(1, 4, 0, Found.NOTHING, 10));
		assertThat(this.look.atAll(second, 3 * MINUTE).isEmpty()).isTrue();
	}

	/**
	 * Else there would never be an end where transactions overlap.
	 */
	@Test
	void transactionsThatBeganAfterTheFirstLookAreNotWaitedFor() throws SQLException {
		Gaps gaps = this.look.atAll(GAPS, TimeUnit.SECONDS.toNanos(2));
		for (int second = 3; second < 60; second++) {
			marks(8 + second, 8 + second);
			gaps = this.look.atAll(gaps, TimeUnit.SECONDS.toNanos(second));
			assertThat(gaps.ranges()).hasSize(1);
		}
		assertThat(this.look.atAll(gaps, MINUTE).isEmpty()).isTrue();
	}

	/**
	 * Of what counts as empty a read asks for some only: a row that nobody can see must
	 * not be among the rest.
	 */
	@Test
	void aNumberIsAskedForUntilAllHaveEndedThatMayHaveIt() throws SQLException {
		this.writer.setAutoCommit(false);
		sql("INSERT INTO \"outbox_event\" VALUES (3)");
		Gaps first = this.look.atAll(GAPS, MINUTE);
		assertThat(first.ranges()).containsExactly(new Gap(1, 4, 0, Found.ROWS, 10));
		this.writer.commit();
		marks(15, 10);
		sql("DELETE FROM \"outbox_event\"");
		Gaps second = this.look.atAll(first, 2 * MINUTE);
		assertThat(second).isEqualTo(first);
		marks(15, 11);
		Gaps third = this.look.atAll(second, 3 * MINUTE);
		assertThat(third.ranges()).containsExactly(new Gap(1, 4, 0, Found.NOTHING, 10));
		assertThat(this.look.atAll(third, 4 * MINUTE).isEmpty()).isTrue();
	}

	/**
	 * Rows that are there say nothing of the transactions that others of the range belong
	 * to: the first look that finds nothing takes the mark. One that is not known is
	 * none.
	 */
	@Test
	void theMarkIsThatOfTheFirstLookThatFindsNothing() throws SQLException {
		sql("INSERT INTO \"outbox_event\" VALUES (1)");
		Gaps first = this.look.atAll(GAPS, MINUTE);
		assertThat(first.ranges()).containsExactly(new Gap(1, 4, 0, Found.ROWS, 0));
		sql("DELETE FROM \"outbox_event\"");
		marks(0, 0);
		Gaps second = this.look.atAll(first, 2 * MINUTE);
		assertThat(second).isEqualTo(first);
		marks(20, 12);
		Gaps third = this.look.atAll(second, 3 * MINUTE);
		assertThat(third.ranges()).containsExactly(new Gap(1, 4, 0, Found.ROWS, 20));
		marks(30, 20);
		assertThat(this.look.atAll(third, 4 * MINUTE)).isEqualTo(third);
		marks(0, Long.MAX_VALUE);
		Gaps last = this.look.atAll(third, 5 * MINUTE);
		assertThat(last.ranges()).containsExactly(new Gap(1, 4, 0, Found.NOTHING, 20));
		assertThat(this.look.atAll(last, 6 * MINUTE).isEmpty()).isTrue();
	}

	/**
	 * There are looks that do not wait, where there are many gaps. A transaction that has
	 * just begun has no mark yet.
	 */
	@Test
	void aLookThatDoesNotWaitTakesNoMark() {
		long second = TimeUnit.SECONDS.toNanos(1);
		Gaps first = this.look.atUnknown(GAPS, second - 1);
		assertThat(first.ranges()).containsExactly(new Gap(1, 4, 0, Found.ROWS, 0));
		assertThat(this.look.atAll(first, second).ranges()).containsExactly(new Gap(1, 4, 0, Found.ROWS, 10));
	}

	private void marks(long newest, long running) throws SQLException {
		this.writer.setAutoCommit(true);
		sql("UPDATE marks SET newest = " + newest + ", running = " + running);
	}

	private void sql(String sql) throws SQLException {
		try (Statement statement = this.writer.createStatement()) {
			statement.execute(sql);
		}
	}

}
