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
import java.util.Set;

import dev.outbox.autoconfigure.EventClassScanner;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.aot.BeanFactoryInitializationCode;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * Names the events of the application to a native image, which would keep nothing of them
 * that is read by reflection: their properties for the serialiser and for the key, and
 * the attributes of their annotations. They are the classes in the packages of the
 * application that say of themselves that they are events.
 */
final class EventHintsAotProcessor implements BeanFactoryInitializationAotProcessor {

	private final BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();

	@Override
	public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
			ConfigurableListableBeanFactory beanFactory) {
		if (!AutoConfigurationPackages.has(beanFactory)) {
			return null;
		}
		Set<Class<?>> events = new EventClassScanner(new DefaultResourceLoader(beanFactory.getBeanClassLoader()))
			.find(AutoConfigurationPackages.get(beanFactory));
		return events.isEmpty() ? null : new Contribution(events);
	}

	private void register(Class<?> event, ReflectionHints hints) {
		this.binding.registerReflectionHints(hints, event);
		registerHierarchy(event, hints);
	}

	private static void registerHierarchy(@Nullable Class<?> type, ReflectionHints hints) {
		if (type == null || type.getName().startsWith("java.")) {
			return;
		}
		// A key may be any method or field, also an inherited one.
		hints.registerType(type, MemberCategory.INVOKE_PUBLIC_METHODS, MemberCategory.INVOKE_DECLARED_METHODS,
				MemberCategory.ACCESS_DECLARED_FIELDS);
		for (Annotation annotation : type.getDeclaredAnnotations()) {
			if (EventClassScanner.isRead(annotation.annotationType())) {
				hints.registerType(annotation.annotationType(), MemberCategory.INVOKE_PUBLIC_METHODS);
			}
		}
		registerHierarchy(type.getSuperclass(), hints);
		for (Class<?> parent : type.getInterfaces()) {
			registerHierarchy(parent, hints);
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

}
