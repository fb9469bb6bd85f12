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

package dev.outbox.autoconfigure.topology;

import java.lang.annotation.Annotation;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.payload.EventType;
import dev.outbox.payload.EventTypes;
import dev.outbox.transport.TopologyMode;
import dev.outbox.transport.TopologyManager;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Event classes that declare a destination: those in the packages of the application, and
 * those that were registered. Only classes that carry such an annotation are loaded.
 */
final class DeclaringClasses {

	private final OutboxProperties.Topology properties;

	private final List<TopologyManager> managers;

	private final ObjectProvider<EventTypes> types;

	private final ApplicationContext context;

	DeclaringClasses(OutboxProperties.Topology properties, List<TopologyManager> managers,
			ObjectProvider<EventTypes> types, ApplicationContext context) {
		this.properties = properties;
		this.managers = managers;
		this.types = types;
		this.context = context;
	}

	Collection<Class<?>> find() {
		if (this.properties.mode() == TopologyMode.NONE || this.managers.isEmpty()) {
			return Set.of();
		}
		Set<Class<?>> classes = new LinkedHashSet<>();
		Scanner scanner = new Scanner(this.context);
		this.managers.forEach((manager) -> scanner.include(manager.reader().annotation()));
		for (String name : packages()) {
			scanner.findCandidateComponents(name)
				.forEach((found) -> classes.add(ClassUtils.resolveClassName(String.valueOf(found.getBeanClassName()),
						this.context.getClassLoader())));
		}
		this.types.ifAvailable((known) -> known.known().stream().map(EventType::declaringClass).forEach(classes::add));
		return classes;
	}

	private List<String> packages() {
		if (!this.properties.packages().isEmpty()) {
			return this.properties.packages();
		}
		return AutoConfigurationPackages.has(this.context) ? AutoConfigurationPackages.get(this.context) : List.of();
	}

	/**
	 * Finds classes of any kind, not only those that could be a bean.
	 */
	private static final class Scanner extends ClassPathScanningCandidateComponentProvider {

		Scanner(ApplicationContext context) {
			super(false, context.getEnvironment());
			setResourceLoader(context);
		}

		void include(Class<? extends Annotation> annotation) {
			addIncludeFilter(new AnnotationTypeFilter(annotation, false, false));
		}

		@Override
		protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
			return true;
		}

	}

}
