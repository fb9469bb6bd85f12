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

import java.util.List;

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import dev.outbox.autoconfigure.OutboxDataSource;
import dev.outbox.autoconfigure.store.NamedBean;
import dev.outbox.autoconfigure.store.SpringBootBeans;
import dev.outbox.diagnostics.AmbiguousDataSourceException;
import dev.outbox.diagnostics.UnsupportedDatabaseException;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.h2.H2Dialect;
import dev.outbox.store.jdbc.mysql.MariaDbDialect;
import dev.outbox.store.jdbc.mysql.MySqlDialect;
import dev.outbox.store.jdbc.oracle.OracleDialect;
import dev.outbox.store.jdbc.postgres.PostgresDialect;
import dev.outbox.store.jdbc.sqlite.SqliteDialect;
import dev.outbox.store.jdbc.sqlserver.SqlServerDialect;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;

/**
 * The database that the outbox is in: that of the data source that is named or marked,
 * else of the only or primary one.
 *
 * @param dataSource the application's data source
 * @param details what Spring Boot has built it from, {@code null} if the application has
 * built it itself
 */
record OutboxDatabase(DataSource dataSource, @Nullable JdbcConnectionDetails details) {

	private static final String SPRING_BOOT = "org.springframework.boot.jdbc.autoconfigure.";

	static OutboxDatabase choose(ConfigurableListableBeanFactory beans, ObjectProvider<DataSource> all,
			@OutboxDataSource ObjectProvider<DataSource> marked, ObjectProvider<JdbcConnectionDetails> details,
			@Nullable NamedBean<DataSource> named) {
		DataSource chosen = (named != null) ? named.from(beans) : marked.getIfAvailable(all::getIfUnique);
		String[] names = BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, DataSource.class, true, false);
		if (chosen == null) {
			throw new AmbiguousDataSourceException(List.of(names));
		}
		boolean auto = names.length == 1 && SpringBootBeans.isConfiguredBy(beans, names[0], SPRING_BOOT);
		return new OutboxDatabase(chosen, auto ? details.getIfUnique() : null);
	}

	/**
	 * Asks the database what it is.
	 * @return the dialect
	 * @throws UnsupportedDatabaseException if there is none for this database
	 */
	JdbcDialect dialect() {
		try {
			return JdbcUtils.extractDatabaseMetaData(this.dataSource, (metaData) -> {
				for (JdbcDialect dialect : List.of(new PostgresDialect(), new MariaDbDialect(), new MySqlDialect(),
						new H2Dialect(), new SqliteDialect(), new SqlServerDialect(), new OracleDialect())) {
					if (dialect.supports(metaData.getDatabaseProductName())) {
						return dialect;
					}
				}
				throw new UnsupportedDatabaseException(
						metaData.getDatabaseProductName() + ' ' + metaData.getDatabaseProductVersion());
			});
		}
		catch (MetaDataAccessException ex) {
			throw new OutboxException("The outbox could not ask the database what it is; it was not started. Make the"
					+ " database available, or set outbox.store.database", ex);
		}
	}

}
