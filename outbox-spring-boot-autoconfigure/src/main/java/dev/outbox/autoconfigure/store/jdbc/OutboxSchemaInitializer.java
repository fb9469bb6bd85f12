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

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import dev.outbox.autoconfigure.SchemaMode;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.store.jdbc.OutboxSchema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;

/**
 * Creates and checks the tables of the outbox. Its type makes Spring Boot run it after
 * the application's own migrations, and before anything that uses the database.
 */
public class OutboxSchemaInitializer extends DataSourceScriptDatabaseInitializer {

	private static final Logger logger = LoggerFactory.getLogger(OutboxSchemaInitializer.class);

	private final OutboxSchema schema;

	private final @Nullable SchemaMigration migration;

	private final SchemaMode mode;

	private final int partitions;

	OutboxSchemaInitializer(DataSource dataSource, OutboxSchema schema, @Nullable SchemaMigration migration,
			SchemaMode mode, int partitions) {
		super(dataSource, new DatabaseInitializationSettings());
		this.schema = schema;
		this.migration = migration;
		this.mode = mode;
		this.partitions = partitions;
	}

	@Override
	public boolean initializeDatabase() {
		switch (this.mode) {
			case AUTO -> createIfPossible();
			case FLYWAY -> migrate();
			case CREATE -> this.schema.create();
			case VALIDATE, NONE -> {
			}
		}
		if (this.mode != SchemaMode.NONE) {
			this.schema.validate(this.partitions);
		}
		else {
			this.schema.validateServer();
		}
		return true;
	}

	private void createIfPossible() {
		if (this.migration != null && this.migration.isUsedByApplication()) {
			this.migration.migrate();
		}
		else if (!this.schema.exists() || this.schema.isUnfinished()) {
			try {
				this.schema.create();
			}
			catch (OutboxException ex) {
				if (!this.schema.isForbidden(ex)) {
					throw ex;
				}
				logger.info("The user of the database may not create the outbox's tables ({})", ex.getMessage());
			}
		}
	}

	private void migrate() {
		if (this.migration == null) {
			throw new InvalidOutboxPropertyException("outbox.schema.mode", "flyway",
					"be another one unless Flyway is on"
							+ " the class path (org.springframework.boot:spring-boot-starter-flyway)");
		}
		this.migration.migrate();
	}

}
