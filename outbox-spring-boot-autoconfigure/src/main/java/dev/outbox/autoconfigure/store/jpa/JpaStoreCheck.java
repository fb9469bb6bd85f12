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

package dev.outbox.autoconfigure.store.jpa;

import dev.outbox.autoconfigure.StoreType;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;

import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Makes sure that events which are to be stored through JPA can be.
 */
final class JpaStoreCheck implements SmartInitializingSingleton {

	private final OutboxEntityManagerFactories factories;

	private final StoreType type;

	JpaStoreCheck(OutboxEntityManagerFactories factories, StoreType type) {
		this.factories = factories;
		this.type = type;
	}

	@Override
	public void afterSingletonsInstantiated() {
		if (this.type == StoreType.JPA && this.factories.sharing().isEmpty()) {
			throw new InvalidOutboxPropertyException("outbox.store.type", "jpa",
					"be auto or jdbc where no EntityManagerFactory uses the data source of the outbox (mark the one"
							+ " that it uses with @OutboxDataSource)");
		}
	}

}
