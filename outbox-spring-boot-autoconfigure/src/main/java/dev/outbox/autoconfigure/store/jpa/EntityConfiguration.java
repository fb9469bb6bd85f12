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

import javax.sql.DataSource;

import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jpa.OutboxEntities;
import org.hibernate.integrator.spi.Integrator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.jpa.EntityManagerFactoryBuilder;
import org.springframework.boot.jpa.autoconfigure.EntityManagerFactoryBuilderCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/**
 * Adds the outbox's entities to the application's persistence units.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ EntityManagerFactoryBuilder.class, Integrator.class })
@Conditional(OnJpaStore.class)
class EntityConfiguration {

	@Bean
	EntityManagerFactoryBuilderCustomizer outboxEntitiesCustomizer(
			ObjectProvider<OutboxEntityManagerFactories> factories, ObjectProvider<TableNames> tables) {
		return (builder) -> builder.addPersistenceUnitPostProcessors((unit) -> {
			TableNames names = tables.getObject();
			new OutboxEntities(names.schema(), names.prefix(), (dataSource) -> isShared(factories, dataSource))
				.postProcessPersistenceUnitInfo(unit);
		});
	}

	private static boolean isShared(ObjectProvider<OutboxEntityManagerFactories> factories, DataSource dataSource) {
		return factories.getObject().isShared(dataSource);
	}

}
