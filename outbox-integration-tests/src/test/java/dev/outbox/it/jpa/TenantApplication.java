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

package dev.outbox.it.jpa;

import java.sql.Connection;
import java.sql.SQLException;

import javax.sql.DataSource;

import org.hibernate.cfg.MultiTenancySettings;
import org.hibernate.context.spi.CurrentTenantIdentifierResolver;
import org.hibernate.engine.jdbc.connections.spi.MultiTenantConnectionProvider;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernatePropertiesCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * An application whose tenants have a schema each.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class TenantApplication extends BankApplication {

	@Bean
	static Tenants tenants() {
		return new Tenants();
	}

	@Bean
	static HibernatePropertiesCustomizer tenancy(Tenants tenants, DataSource dataSource) {
		return (properties) -> {
			properties.put(MultiTenancySettings.MULTI_TENANT_IDENTIFIER_RESOLVER, tenants);
			properties.put(MultiTenancySettings.MULTI_TENANT_CONNECTION_PROVIDER, new Schemas(dataSource));
		};
	}

	/**
	 * Whose request the thread serves.
	 */
	static final class Tenants implements CurrentTenantIdentifierResolver<String> {

		private final ThreadLocal<String> current = new ThreadLocal<>();

		void as(String tenant, Runnable work) {
			this.current.set(tenant);
			try {
				work.run();
			}
			finally {
				this.current.remove();
			}
		}

		@Override
		public String resolveCurrentTenantIdentifier() {
			String tenant = this.current.get();
			return (tenant != null) ? tenant : "public";
		}

		@Override
		public boolean validateExistingCurrentSessions() {
			return true;
		}

	}

	/**
	 * Makes the schema of the tenant that of the connection.
	 *
	 * @param dataSource the connections
	 */
	record Schemas(DataSource dataSource) implements MultiTenantConnectionProvider<String> {

		@Override
		public Connection getAnyConnection() throws SQLException {
			return this.dataSource.getConnection();
		}

		@Override
		public void releaseAnyConnection(Connection connection) throws SQLException {
			connection.close();
		}

		@Override
		public Connection getConnection(String tenant) throws SQLException {
			Connection connection = this.dataSource.getConnection();
			connection.setSchema(tenant);
			return connection;
		}

		@Override
		public void releaseConnection(String tenant, Connection connection) throws SQLException {
			connection.setSchema("public");
			connection.close();
		}

		@Override
		public boolean supportsAggressiveRelease() {
			return false;
		}

		@Override
		public boolean isUnwrappableAs(Class<?> type) {
			return false;
		}

		@Override
		public <T> T unwrap(Class<T> type) {
			throw new IllegalArgumentException(type.getName());
		}

	}

}
