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

package dev.outbox.autoconfigure.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.autoconfigure.OutboxProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

import static org.assertj.core.api.Assertions.assertThat;

class RelayConnectionsTests {

	private static final String URL = "jdbc:h2:mem:relay-connections;DB_CLOSE_DELAY=-1";

	private final HikariDataSource application = pool();

	@AfterEach
	void close() {
		this.application.close();
	}

	@Test
	void connectsToWhereTheApplicationConnects() throws SQLException {
		try (RelayConnections connections = derive(this.application, null)) {
			assertThat(connections.isBorrowed()).isFalse();
			for (DataSource source : List.of(connections.work(), connections.heartbeat(), connections.listening())) {
				try (Connection connection = source.getConnection()) {
					assertThat(connection.getMetaData().getURL()).isEqualTo("jdbc:h2:mem:relay-connections");
					assertThat(connection.getMetaData().getUserName()).isEqualTo("APP");
				}
			}
		}
	}

	@Test
	void worksWhileTheApplicationsPoolIsExhausted() throws SQLException {
		try (RelayConnections connections = derive(this.application, null);
				Connection only = this.application.getConnection();
				Connection work = connections.work().getConnection();
				Connection heartbeat = connections.heartbeat().getConnection();
				Connection listening = connections.listening().getConnection()) {
			assertThat(this.application.getHikariPoolMXBean().getActiveConnections()).isOne();
			assertThat(List.of(only, work, heartbeat, listening))
				.allSatisfy((connection) -> assertThat(connection.isValid(1)).isTrue());
		}
	}

	@Test
	void opensNoConnectionUntilItIsAskedForOne() {
		try (RelayConnections connections = derive(this.application, null)) {
			assertThat(((HikariDataSource) connections.work()).getHikariPoolMXBean()).isNull();
			assertThat(((HikariDataSource) connections.heartbeat()).getHikariPoolMXBean()).isNull();
		}
	}

	@Test
	void hasThreeConnectionsAtMostAndAFixedIsolation() {
		try (RelayConnections connections = derive(this.application, null)) {
			HikariDataSource work = (HikariDataSource) connections.work();
			HikariDataSource heartbeat = (HikariDataSource) connections.heartbeat();
			assertThat(work.getMaximumPoolSize() + heartbeat.getMaximumPoolSize()).isEqualTo(3);
			assertThat(List.of(work, heartbeat)).allSatisfy((pool) -> {
				assertThat(pool.getTransactionIsolation()).isEqualTo("TRANSACTION_READ_COMMITTED");
				assertThat(pool.isAutoCommit()).isTrue();
				assertThat(pool.isReadOnly()).isFalse();
			});
		}
	}

	@Test
	void leavesTheApplicationsPoolAsItIs() throws SQLException {
		RelayConnections connections = derive(this.application, null);
		try (Connection connection = connections.work().getConnection()) {
			assertThat(connection.getAutoCommit()).isTrue();
		}
		connections.close();
		assertThat(((HikariDataSource) connections.work()).isClosed()).isTrue();
		assertThat(((HikariDataSource) connections.heartbeat()).isClosed()).isTrue();
		assertThat(this.application.isClosed()).isFalse();
		assertThat(this.application.getMaximumPoolSize()).isOne();
		assertThat(this.application.getPoolName()).isEqualTo("application");
		try (Connection connection = this.application.getConnection()) {
			assertThat(connection.getAutoCommit()).isFalse();
		}
	}

	@Test
	void usesCredentialsThatTheApplicationHasRotated() throws SQLException {
		try (RelayConnections connections = derive(this.application, null)) {
			try (Connection connection = this.application.getConnection()) {
				connection.createStatement().execute("create user if not exists other password 'other' admin");
				connection.commit();
			}
			this.application.getHikariConfigMXBean().setUsername("other");
			this.application.getHikariConfigMXBean().setPassword("other");
			for (DataSource source : List.of(connections.work(), connections.listening())) {
				try (Connection connection = source.getConnection()) {
					assertThat(connection.getMetaData().getUserName()).isEqualTo("OTHER");
				}
			}
		}
	}

	@ParameterizedTest
	@MethodSource("wrappers")
	void looksBehindProxies(UnaryOperator<DataSource> wrapper) {
		try (RelayConnections connections = derive(wrapper.apply(this.application), null)) {
			assertThat(connections.isBorrowed()).isFalse();
			assertThat(((HikariDataSource) connections.work()).getJdbcUrl()).isEqualTo(URL);
		}
	}

	static Stream<UnaryOperator<DataSource>> wrappers() {
		return Stream.of(DelegatingDataSource::new, LazyConnectionDataSourceProxy::new,
				TransactionAwareDataSourceProxy::new,
				(source) -> new DelegatingDataSource(new LazyConnectionDataSourceProxy(source)));
	}

	@Test
	void usesConnectionDetailsForAnotherPool() throws SQLException {
		JdbcConnectionDetails details = new JdbcConnectionDetails() {

			@Override
			public String getUsername() {
				return "app";
			}

			@Override
			public String getPassword() {
				return "app";
			}

			@Override
			public String getJdbcUrl() {
				return URL;
			}

		};
		this.application.getConnection().close();
		try (RelayConnections connections = derive(new DriverManagerDataSource(URL, "app", "app"), details);
				Connection connection = connections.work().getConnection()) {
			assertThat(connections.isBorrowed()).isFalse();
			assertThat(connection.getMetaData().getUserName()).isEqualTo("APP");
		}
	}

	@Test
	void borrowsAndDoesNotListenWhereNothingCanBeDerived() {
		DataSource other = new DriverManagerDataSource(URL, "app", "app");
		try (RelayConnections connections = derive(other, null)) {
			assertThat(connections.isBorrowed()).isTrue();
			assertThat(connections.work()).isSameAs(other);
			assertThat(connections.heartbeat()).isSameAs(other);
			assertThat(connections.listening()).isNull();
		}
	}

	@Test
	void borrowsWhenToldTo() {
		try (RelayConnections connections = derive(this.application, null, "outbox.relay.datasource.own-pool",
				"false")) {
			assertThat(connections.isBorrowed()).isTrue();
			assertThat(connections.work()).isSameAs(this.application);
		}
		assertThat(this.application.isClosed()).isFalse();
	}

	@Test
	void doesNotListenWhenToldNotTo() {
		try (RelayConnections connections = derive(this.application, null, "outbox.relay.datasource.listen", "false")) {
			assertThat(connections.listening()).isNull();
			assertThat(connections.isBorrowed()).isFalse();
		}
	}

	@Test
	void propertiesWin() throws SQLException {
		String url = "jdbc:h2:mem:relay-connections-other;DB_CLOSE_DELAY=-1";
		try (RelayConnections connections = derive(this.application, null, "outbox.relay.datasource.url", url,
				"outbox.relay.datasource.username", "relay", "outbox.relay.datasource.password", "relay",
				"outbox.relay.datasource.maximum-pool-size", "5")) {
			assertThat(((HikariDataSource) connections.work()).getMaximumPoolSize()).isEqualTo(4);
			for (DataSource source : List.of(connections.work(), connections.heartbeat(), connections.listening())) {
				try (Connection connection = source.getConnection()) {
					assertThat(connection.getMetaData().getURL()).isEqualTo("jdbc:h2:mem:relay-connections-other");
					assertThat(connection.getMetaData().getUserName()).isEqualTo("RELAY");
				}
			}
		}
	}

	@Test
	void labelsConnectionsToPostgresql() {
		try (HikariDataSource postgresql = new HikariDataSource()) {
			postgresql.setJdbcUrl("jdbc:postgresql://localhost:1/app");
			try (RelayConnections connections = derive(postgresql, null)) {
				assertThat(((HikariDataSource) connections.work()).getDataSourceProperties())
					.containsEntry("ApplicationName", "outbox-relay");
				assertThat(((HikariDataSource) connections.heartbeat()).getDataSourceProperties())
					.containsEntry("ApplicationName", "outbox-lease");
			}
			assertThat(postgresql.getDataSourceProperties()).isEmpty();
		}
	}

	/**
	 * A heartbeat that gets no answer fails while the lease can still be renewed.
	 */
	@Test
	void waitsForAnAnswerOfPostgresqlOnlySoLong() {
		try (HikariDataSource postgresql = new HikariDataSource()) {
			postgresql.setJdbcUrl("jdbc:postgresql://localhost:1/app");
			postgresql.addDataSourceProperty("socketTimeout", "0");
			try (RelayConnections connections = derive(postgresql, null, "outbox.relay.lease", "8s")) {
				assertThat(((HikariDataSource) connections.work()).getDataSourceProperties())
					.containsEntry("socketTimeout", "120");
				assertThat(((HikariDataSource) connections.heartbeat()).getDataSourceProperties())
					.containsEntry("socketTimeout", "4");
			}
			assertThat(postgresql.getDataSourceProperties()).containsEntry("socketTimeout", "0");
		}
	}

	@Test
	void waitsForAnAnswerOfOracleOnlySoLong() {
		try (HikariDataSource oracle = new HikariDataSource()) {
			oracle.setJdbcUrl("jdbc:oracle:thin:@//localhost:1/app");
			try (RelayConnections connections = derive(oracle, null, "outbox.relay.lease", "8s")) {
				assertThat(((HikariDataSource) connections.heartbeat()).getDataSourceProperties())
					.containsEntry("oracle.jdbc.ReadTimeout", "4000")
					.containsEntry("oracle.net.CONNECT_TIMEOUT", "4000");
			}
		}
	}

	private static RelayConnections derive(DataSource application, JdbcConnectionDetails details,
			String... properties) {
		Map<String, String> values = new HashMap<>();
		for (int i = 0; i < properties.length; i += 2) {
			values.put(properties[i], properties[i + 1]);
		}
		OutboxProperties bound = new Binder(new MapConfigurationPropertySource(values)).bindOrCreate("outbox",
				OutboxProperties.class);
		return RelayConnections.derive(application, details, bound.relay().datasource(), bound.relay().lease());
	}

	private static HikariDataSource pool() {
		HikariDataSource pool = new HikariDataSource();
		pool.setPoolName("application");
		pool.setJdbcUrl(URL);
		pool.setUsername("app");
		pool.setPassword("app");
		pool.setMaximumPoolSize(1);
		pool.setAutoCommit(false);
		return pool;
	}

}
