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

package dev.outbox.autoconfigure.instances;

import dev.outbox.MessageSender;
import dev.outbox.OutboxPublisher;
import dev.outbox.archive.OutboxArchive;
import dev.outbox.autoconfigure.OutboxInstanceNames;
import dev.outbox.deadletter.DeadLetters;
import dev.outbox.publish.OutboxTemplate;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.HoldStore;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Registers what the application injects of each outbox, with the name as the qualifier.
 * Without a qualifier none of them is injected: which one would it be?
 */
final class OutboxInstancesRegistrar implements ImportBeanDefinitionRegistrar {

	private final Environment environment;

	private final BeanFactory beans;

	OutboxInstancesRegistrar(Environment environment, BeanFactory beans) {
		this.environment = environment;
		this.beans = beans;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		for (String name : OutboxInstanceNames.all(this.environment)) {
			register(registry, name, OutboxPublisher.class);
			register(registry, name, OutboxTemplate.class);
			register(registry, name, OutboxArchive.class);
			register(registry, name, DeadLetters.class);
			register(registry, name, DeadLetterStore.class);
			register(registry, name, HoldStore.class);
			// An outbox that only publishes has no transport, and so no sender.
			register(registry, name, MessageSender.class).setLazyInit(true);
		}
	}

	private <T> RootBeanDefinition register(BeanDefinitionRegistry registry, String name, Class<T> type) {
		RootBeanDefinition definition = new RootBeanDefinition(type,
				() -> this.beans.getBean(OutboxInstances.class).of(name).get(type));
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
		definition.setDefaultCandidate(false);
		definition.setDependsOn(OutboxInstancesAutoConfiguration.INSTANCES);
		definition.setDestroyMethodName("");
		registry.registerBeanDefinition(name + type.getSimpleName(), definition);
		return definition;
	}

}
