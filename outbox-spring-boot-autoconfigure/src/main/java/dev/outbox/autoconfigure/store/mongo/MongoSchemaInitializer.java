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

package dev.outbox.autoconfigure.store.mongo;

import com.mongodb.MongoCommandException;
import dev.outbox.autoconfigure.SchemaMode;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.store.mongo.MongoSchema;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.InitializingBean;

/**
 * Creates and checks the collections of the outbox, before anything that uses them is
 * created.
 */
final class MongoSchemaInitializer implements InitializingBean {

	private static final Logger logger = LoggerFactory.getLogger(MongoSchemaInitializer.class);

	/**
	 * What the server answers to a user who may not do something.
	 */
	private static final int UNAUTHORIZED = 13;

	private final MongoSchema schema;

	private final SchemaMode mode;

	private final int partitions;

	private final boolean keyOrder;

	MongoSchemaInitializer(MongoSchema schema, SchemaMode mode, int partitions, boolean keyOrder) {
		this.schema = schema;
		this.mode = mode;
		this.partitions = partitions;
		this.keyOrder = keyOrder;
	}

	/**
	 * A server that cannot be used is refused before anything is created on it.
	 */
	@Override
	public void afterPropertiesSet() {
		this.schema.validateServer();
		switch (this.mode) {
			case AUTO -> createIfPossible();
			case CREATE -> this.schema.create();
			case FLYWAY -> throw new InvalidOutboxPropertyException("outbox.schema.mode", "flyway",
					"be auto, create, validate or none where the outbox is in MongoDB");
			case VALIDATE, NONE -> {
			}
		}
		if (this.mode != SchemaMode.NONE) {
			this.schema.validate(this.partitions, this.keyOrder);
		}
	}

	private void createIfPossible() {
		try {
			this.schema.create();
		}
		catch (MongoCommandException ex) {
			if (ex.getErrorCode() != UNAUTHORIZED) {
				throw ex;
			}
			logger.info("The user of the database may not create the outbox's collections ({})", ex.getMessage());
		}
	}

}
