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

package dev.outbox.autoconfigure.publish;

import java.lang.annotation.Annotation;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.outbox.OutboxEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.aot.BeanFactoryInitializationCode;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.core.type.filter.TypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Names the events of the application to a native image, which would keep nothing of them
 * that is read by reflection: their properties for the serialiser and for the key, and
 * the attributes of their annotations. They are the classes in the packages of the
 * application that say of themselves that they are events.
 */
final class EventHintsAotProcessor implements BeanFactoryInitializationAotProcessor {

	private static final List<String> EXTERNALIZED = List.of("org.springframework.modulith.events.Externalized",
			"org.jmolecules.event.annotation.Externalized");

	private final BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();

	@Override
	public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
			ConfigurableListableBeanFactory beanFactory) {
		if (!AutoConfigurationPackages.has(beanFactory)) {
			return null;
		}
		Set<Class<?>> events = find(AutoConfigurationPackages.get(beanFactory), beanFactory.getBeanClassLoader());
		return events.isEmpty() ? null : new Contribution(events);
	}

	private static Set<Class<?>> find(List<String> packages, @Nullable ClassLoader classLoader) {
		Scanner scanner = new Scanner();
		Set<Class<?>> found = new TreeSet<>(Comparator.comparing(Class::getName));
		for (String name : packages) {
			for (BeanDefinition event : scanner.findCandidateComponents(name)) {
				found.add(ClassUtils.resolveClassName(String.valueOf(event.getBeanClassName()), classLoader));
			}
		}
		return found;
	}

	private void register(Class<?> event, ReflectionHints hints) {
		this.binding.registerReflectionHints(hints, event);
		// A key may be any method or field.
		hints.registerType(event, MemberCategory.INVOKE_PUBLIC_METHODS, MemberCategory.INVOKE_DECLARED_METHODS,
				MemberCategory.ACCESS_DECLARED_FIELDS);
		for (Annotation annotation : event.getDeclaredAnnotations()) {
			Class<? extends Annotation> type = annotation.annotationType();
			if (type.isAnnotationPresent(OutboxEvent.class) || EXTERNALIZED.contains(type.getName())) {
				hints.registerType(type, MemberCategory.INVOKE_PUBLIC_METHODS);
			}
		}
	}

	private final class Contribution implements BeanFactoryInitializationAotContribution {

		private final Set<Class<?>> events;

		Contribution(Set<Class<?>> events) {
			this.events = events;
		}

		@Override
		public void applyTo(GenerationContext context, BeanFactoryInitializationCode code) {
			this.events.forEach((event) -> register(event, context.getRuntimeHints().reflection()));
		}

	}

	/**
	 * Finds classes of any kind, nested ones too, but no annotations.
	 */
	private static final class Scanner extends ClassPathScanningCandidateComponentProvider {

		Scanner() {
			super(false);
			addIncludeFilter(new AnnotationTypeFilter(OutboxEvent.class, true, false));
			// By name: neither library has to be there.
			TypeFilter externalized = (type, others) -> EXTERNALIZED.stream()
				.anyMatch(type.getAnnotationMetadata()::hasAnnotation);
			addIncludeFilter(externalized);
		}

		@Override
		protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
			return !definition.getMetadata().isAnnotation();
		}

	}

}
