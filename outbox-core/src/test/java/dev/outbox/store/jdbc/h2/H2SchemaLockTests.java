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

package dev.outbox.store.jdbc.h2;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;

import dev.outbox.store.jdbc.TableNames;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an instance does that starts while another one is creating the tables.
 */
class H2SchemaLockTests {

	private static final TableNames TABLES = new TableNames(null, "outbox_");

	/**
	 * H2 shows a table to others before it has created its constraints. Whoever inserts
	 * then can do so although somebody else has.
	 */
	@Test
	void nobodyTakesTheLockBeforeItsTableHasAPrimaryKey() throws Exception {
		try (Connection other = connect(); Connection connection = connect()) {
			execute(other, "CREATE TABLE \"outbox_setting\" (name VARCHAR_CASESENSITIVE(200) NOT NULL,"
					+ " \"VALUE\" VARCHAR_CASESENSITIVE(500) NOT NULL)");
			connection.setAutoCommit(false);
			CompletableFuture<Void> taken = new CompletableFuture<>();
			Thread starting = new Thread(() -> take(connection, taken));
			starting.start();
			await().until(() -> starting.getState() == Thread.State.TIMED_WAITING || taken.isDone());
			assertThat(taken).isNotDone();
			assertThat(locks(other)).isZero();
			execute(other, "ALTER TABLE \"outbox_setting\" ADD PRIMARY KEY (name)");
			await().until(taken::isDone);
			assertThat(taken).isCompleted();
			assertThat(locks(other)).isOne();
		}
	}

	private static void take(Connection connection, CompletableFuture<Void> taken) {
		try {
			new H2Dialect().lockSchema(connection, TABLES);
			taken.complete(null);
		}
		catch (SQLException ex) {
			taken.completeExceptionally(ex);
		}
	}

	private static int locks(Connection connection) throws SQLException {
		try (Statement statement = connection.createStatement();
				ResultSet row = statement.executeQuery("SELECT count(*) FROM \"outbox_setting\"")) {
			row.next();
			return row.getInt(1);
		}
	}

	private static void execute(Connection connection, String sql) throws SQLException {
		try (Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

	private static Connection connect() throws SQLException {
		return DriverManager.getConnection("jdbc:h2:mem:schema-lock");
	}

}
