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
import java.time.Duration;
import java.util.Properties;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariConfigMXBean;
import com.zaxxer.hikari.HikariCredentialsProvider;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import dev.outbox.autoconfigure.OutboxProperties;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.DataSourceUnwrapper;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * A pool that connects to where the application's pool connects to, and has nothing else
 * in common with it.
 */
final class RelayPool implements AutoCloseable {

	/**
	 * Shorter than a lease, so that a heartbeat fails in time to be tried again.
	 */
	private static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(5);

	private static final String SOCKET_TIMEOUT = "socketTimeout";

	private final HikariDataSource dataSource = new HikariDataSource();

	private HikariCredentialsProvider credentials = () -> Credentials.of(null, null);

	private RelayPool(String name, int maximumPoolSize) {
		this.dataSource.setPoolName(name);
		this.dataSource.setMaximumPoolSize(maximumPoolSize);
		this.dataSource.setConnectionTimeout(CONNECTION_TIMEOUT.toMillis());
		this.dataSource.setInitializationFailTimeout(-1);
		this.dataSource.setMinimumIdle(0);
		this.dataSource.setAutoCommit(true);
		this.dataSource.setReadOnly(false);
		this.dataSource.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
	}

	/**
	 * Makes a pool that opens its first connection when it is asked for one.
	 * @param name name of the pool, and of its connections at the database
	 * @param maximumPoolSize how many connections it has at most
	 * @param application data source of the application
	 * @param details what Spring Boot has built that data source from, if it has
	 * @param properties what the application has set
	 * @param patience how long to wait for an answer of the database; a database that has
	 * vanished without closing its connections would else be waited for up to two hours
	 * @return the pool, or {@code null} if nothing says where to connect to
	 */
	static @Nullable RelayPool derive(String name, int maximumPoolSize, DataSource application,
			@Nullable JdbcConnectionDetails details, OutboxProperties.RelayDataSource properties, Duration patience) {
		RelayPool pool = new RelayPool(name, maximumPoolSize);
		HikariDataSource hikari = DataSourceUnwrapper.unwrap(application, HikariConfigMXBean.class,
				HikariDataSource.class);
		if (hikari != null) {
			pool.connectLike(hikari);
		}
		else if (details != null) {
			pool.connectTo(details);
		}
		else if (properties.url() == null) {
			return null;
		}
		pool.override(properties);
		pool.dataSource.setCredentialsProvider(pool.credentials);
		pool.adapt(patience);
		return pool;
	}

	DataSource dataSource() {
		return this.dataSource;
	}

	/**
	 * Returns a source of connections that are not pooled.
	 * @return the source, or {@code null} if the pool names no JDBC URL
	 */
	@Nullable DataSource unpooled() {
		if (this.dataSource.getJdbcUrl() == null) {
			return this.dataSource.getDataSource();
		}
		DriverManagerDataSource unpooled = new DriverManagerDataSource() {

			@Override
			protected Connection getConnectionFromDriver(@Nullable String username, @Nullable String password)
					throws SQLException {
				Credentials now = RelayPool.this.credentials.getCredentials();
				return super.getConnectionFromDriver(now.getUsername(), now.getPassword());
			}

		};
		unpooled.setUrl(this.dataSource.getJdbcUrl());
		if (this.dataSource.getDriverClassName() != null) {
			unpooled.setDriverClassName(this.dataSource.getDriverClassName());
		}
		Properties properties = new Properties();
		properties.putAll(this.dataSource.getDataSourceProperties());
		unpooled.setConnectionProperties(properties);
		return unpooled;
	}

	@Override
	public void close() {
		this.dataSource.close();
	}

	private void connectLike(HikariConfig other) {
		this.dataSource.setDataSource(other.getDataSource());
		this.dataSource.setDataSourceClassName(other.getDataSourceClassName());
		this.dataSource.setDataSourceJNDI(other.getDataSourceJNDI());
		this.dataSource.setJdbcUrl(other.getJdbcUrl());
		if (other.getDriverClassName() != null) {
			this.dataSource.setDriverClassName(other.getDriverClassName());
		}
		// Asked anew for each connection: credentials may be rotated while the
		// application runs.
		HikariCredentialsProvider provider = other.getCredentialsProvider();
		this.credentials = (provider != null) ? provider : other::getCredentials;
		Properties properties = new Properties();
		properties.putAll(other.getDataSourceProperties());
		this.dataSource.setDataSourceProperties(properties);
		this.dataSource.setCatalog(other.getCatalog());
		this.dataSource.setSchema(other.getSchema());
		this.dataSource.setConnectionInitSql(other.getConnectionInitSql());
		this.dataSource.setConnectionTestQuery(other.getConnectionTestQuery());
		this.dataSource.setMaxLifetime(other.getMaxLifetime());
		this.dataSource.setKeepaliveTime(other.getKeepaliveTime());
	}

	private void connectTo(JdbcConnectionDetails details) {
		this.dataSource.setJdbcUrl(details.getJdbcUrl());
		this.dataSource.setDriverClassName(details.getDriverClassName());
		this.credentials = () -> Credentials.of(details.getUsername(), details.getPassword());
	}

	private void override(OutboxProperties.RelayDataSource properties) {
		if (properties.url() != null) {
			this.dataSource.setDataSource(null);
			this.dataSource.setDataSourceClassName(null);
			this.dataSource.setDataSourceJNDI(null);
			this.dataSource.setJdbcUrl(properties.url());
		}
		if (properties.driverClassName() != null) {
			this.dataSource.setDriverClassName(properties.driverClassName());
		}
		if (properties.username() != null || properties.password() != null) {
			HikariCredentialsProvider inherited = this.credentials;
			this.credentials = () -> {
				Credentials other = inherited.getCredentials();
				return Credentials.of((properties.username() != null) ? properties.username() : other.getUsername(),
						(properties.password() != null) ? properties.password() : other.getPassword());
			};
		}
	}

	/**
	 * Lets the database's own tools tell the relay from the application, and limits how
	 * long an answer is waited for. What the JDBC URL says wins.
	 */
	private void adapt(Duration patience) {
		String url = this.dataSource.getJdbcUrl();
		if (url != null && url.startsWith("jdbc:postgresql:")) {
			this.dataSource.addDataSourceProperty("ApplicationName", this.dataSource.getPoolName());
			this.dataSource.addDataSourceProperty("tcpKeepAlive", "true");
			this.dataSource.addDataSourceProperty(SOCKET_TIMEOUT, String.valueOf(Math.max(1, patience.toSeconds())));
		}
		else if (url != null && (url.startsWith("jdbc:mariadb:") || url.startsWith("jdbc:mysql:")
				|| url.startsWith("jdbc:sqlserver:"))) {
			this.dataSource.addDataSourceProperty(SOCKET_TIMEOUT, String.valueOf(Math.max(1000, patience.toMillis())));
		}
		else if (url != null && url.startsWith("jdbc:oracle:")) {
			String millis = String.valueOf(Math.max(1000, patience.toMillis()));
			this.dataSource.addDataSourceProperty("oracle.jdbc.ReadTimeout", millis);
			this.dataSource.addDataSourceProperty("oracle.net.CONNECT_TIMEOUT", millis);
		}
	}

}
