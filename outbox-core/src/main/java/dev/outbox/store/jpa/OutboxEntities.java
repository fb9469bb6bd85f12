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

package dev.outbox.store.jpa;

import java.util.List;
import java.util.function.Predicate;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.orm.jpa.persistenceunit.MutablePersistenceUnitInfo;
import org.springframework.orm.jpa.persistenceunit.PersistenceUnitPostProcessor;

/**
 * Adds the entities of the outbox to persistence units, beside those of the application.
 * With Spring Boot's {@code EntityManagerFactoryBuilder} this happens by itself; for a
 * {@code LocalContainerEntityManagerFactoryBean} that is built without it, give it to
 * {@code setPersistenceUnitPostProcessors}.
 */
public final class OutboxEntities implements PersistenceUnitPostProcessor {

	static final String SCHEMA = "dev.outbox.schema";

	static final String PREFIX = "dev.outbox.table-prefix";

	private static final List<Class<?>> ENTITIES = List.of(OutboxEntity.class, OutboxStoredEvent.class,
			OutboxDeadLetter.class, OutboxArchivedEvent.class);

	private final @Nullable String schema;

	private final String prefix;

	private final Predicate<DataSource> dataSources;

	/**
	 * Creates the addition.
	 * @param schema schema of the tables, {@code null} for that of the connection
	 * @param prefix first part of the names of the tables
	 * @param dataSources which data sources have the tables
	 */
	public OutboxEntities(@Nullable String schema, String prefix, Predicate<DataSource> dataSources) {
		this.schema = schema;
		this.prefix = prefix;
		this.dataSources = dataSources;
	}

	@Override
	public void postProcessPersistenceUnitInfo(MutablePersistenceUnitInfo unit) {
		DataSource dataSource = (unit.getNonJtaDataSource() != null) ? unit.getNonJtaDataSource()
				: unit.getJtaDataSource();
		if (dataSource != null && this.dataSources.test(dataSource)) {
			ENTITIES.forEach((type) -> unit.addManagedClassName(type.getName()));
			unit.addProperty(PREFIX, this.prefix);
			if (this.schema != null) {
				unit.addProperty(SCHEMA, this.schema);
			}
		}
	}

}
