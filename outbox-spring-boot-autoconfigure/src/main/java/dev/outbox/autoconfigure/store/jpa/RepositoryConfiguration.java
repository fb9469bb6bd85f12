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

import dev.outbox.OutboxException;
import dev.outbox.store.jpa.OutboxArchivedEvents;
import dev.outbox.store.jpa.OutboxDeadLetters;
import dev.outbox.store.jpa.OutboxStoredEvent;
import dev.outbox.store.jpa.OutboxStoredEvents;
import jakarta.persistence.EntityManagerFactory;
import org.hibernate.integrator.spi.Integrator;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.data.jpa.repository.support.JpaRepositoryFactory;
import org.springframework.orm.jpa.SharedEntityManagerCreator;

/**
 * The repositories of the outbox. They are not found by a scan, which would change what
 * Spring Data finds for the application.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass({ JpaRepositoryFactory.class, Integrator.class })
@Conditional(OnJpaStore.class)
class RepositoryConfiguration {

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	OutboxStoredEvents outboxStoredEvents(OutboxEntityManagerFactories factories) {
		return repository(factories, OutboxStoredEvents.class);
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	OutboxDeadLetters outboxDeadLetters(OutboxEntityManagerFactories factories) {
		return repository(factories, OutboxDeadLetters.class);
	}

	@Bean
	@Lazy
	@ConditionalOnMissingBean
	OutboxArchivedEvents outboxArchivedEvents(OutboxEntityManagerFactories factories) {
		return repository(factories, OutboxArchivedEvents.class);
	}

	private static <T> T repository(OutboxEntityManagerFactories factories, Class<T> type) {
		EntityManagerFactory factory = factories.sharing()
			.stream()
			.filter(RepositoryConfiguration::hasEntities)
			.findFirst()
			.orElseThrow(() -> new OutboxException("There is no " + type.getSimpleName()
					+ ", because no persistence unit on the data source of the outbox has its entities. Events are"
					+ " stored nevertheless. Build the EntityManagerFactory with Spring Boot's builder, or give an"
					+ " OutboxEntities to its setPersistenceUnitPostProcessors"));
		return new JpaRepositoryFactory(SharedEntityManagerCreator.createSharedEntityManager(factory))
			.getRepository(type);
	}

	private static boolean hasEntities(EntityManagerFactory factory) {
		return factory.getMetamodel()
			.getEntities()
			.stream()
			.anyMatch((entity) -> OutboxStoredEvent.class.equals(entity.getJavaType()));
	}

}
