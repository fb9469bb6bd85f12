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

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.hibernate.boot.Metadata;
import org.hibernate.boot.spi.BootstrapContext;
import org.hibernate.dialect.Dialect;
import org.hibernate.dialect.OracleDialect;
import org.hibernate.engine.config.spi.ConfigurationService;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.integrator.spi.Integrator;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;

/**
 * Tells the mapper the names of the outbox's tables, which are configured, and those of
 * their columns, whatever naming strategy the application has for its own. To the mapper
 * the entities are queries, not tables: it neither creates nor validates them.
 */
public final class OutboxEntityIntegrator implements Integrator {

	static final String TO_BE_REPLACED = "SELECT 0";

	private static final Map<Class<?>, String> TABLES = Map.of(OutboxStoredEvent.class, "event", OutboxDeadLetter.class,
			"dead_letter", OutboxArchivedEvent.class, "archive");

	@Override
	public void integrate(Metadata metadata, BootstrapContext context, SessionFactoryImplementor factory) {
		Map<String, Object> settings = context.getServiceRegistry()
			.requireService(ConfigurationService.class)
			.getSettings();
		Dialect dialect = factory.getJdbcServices().getDialect();
		String schema = (settings.get(OutboxEntities.SCHEMA) instanceof String name) ? identifier(name, dialect) + '.'
				: "";
		String prefix = (settings.get(OutboxEntities.PREFIX) instanceof String text) ? text : "outbox_";
		TABLES.forEach((type, table) -> {
			PersistentClass entity = metadata.getEntityBinding(type.getName());
			if (entity != null) {
				entity.getTable().setSubselect(query(entity, dialect, schema + identifier(prefix + table, dialect)));
			}
		});
	}

	private static String query(PersistentClass entity, Dialect dialect, String table) {
		return Stream.concat(Stream.of(entity.getIdentifierProperty()), entity.getPropertyClosure().stream())
			.map((property) -> column(property, dialect))
			.collect(Collectors.joining(", ", "SELECT ", " FROM " + table + " o"));
	}

	private static String column(Property property, Dialect dialect) {
		Column column = property.getColumns().get(0);
		column.setName("`" + column.getName() + "`");
		String name = columnName(property.getName());
		return "o." + ((dialect instanceof OracleDialect) ? identifier(name, dialect) : name) + " AS "
				+ column.getQuotedName(dialect);
	}

	/**
	 * On Oracle Database names are in upper case, and one of them is a reserved word.
	 */
	private static String identifier(String name, Dialect dialect) {
		return dialect.toQuotedIdentifier((dialect instanceof OracleDialect) ? name.toUpperCase(Locale.ROOT) : name);
	}

	private static String columnName(String property) {
		return property.equals("eventId") ? "id" : property.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
	}

}
