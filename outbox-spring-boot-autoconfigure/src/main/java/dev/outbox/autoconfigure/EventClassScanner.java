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

package dev.outbox.autoconfigure;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import dev.outbox.OutboxEvent;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.core.type.filter.TypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Finds the classes that say of themselves that they are events, published or not. Only
 * those are loaded.
 */
public final class EventClassScanner {

	/** By name: neither library has to be there. */
	private static final List<String> EXTERNALIZED = List.of("org.springframework.modulith.events.Externalized",
			"org.jmolecules.event.annotation.Externalized");

	private final ResourceLoader resources;

	/**
	 * Creates a scanner.
	 * @param resources where to look
	 */
	public EventClassScanner(ResourceLoader resources) {
		this.resources = resources;
	}

	/**
	 * Finds the classes in packages and below.
	 * @param packages names of the packages
	 * @return the classes in the order of their names; among them interfaces, whose
	 * classes are events
	 */
	public Set<Class<?>> find(Collection<String> packages) {
		Scanner scanner = new Scanner(this.resources);
		Set<Class<?>> found = new TreeSet<>(Comparator.comparing(Class::getName));
		for (String name : packages) {
			scanner.findCandidateComponents(name)
				.forEach((candidate) -> found.add(ClassUtils
					.resolveClassName(String.valueOf(candidate.getBeanClassName()), this.resources.getClassLoader())));
		}
		return found;
	}

	/**
	 * Returns whether an annotation has attributes that are read of each event.
	 * @param annotation an annotation of an event
	 * @return whether it says how the event is published
	 */
	public static boolean isRead(Class<?> annotation) {
		return annotation.isAnnotationPresent(OutboxEvent.class) || EXTERNALIZED.contains(annotation.getName());
	}

	/**
	 * Finds classes of any kind, nested ones too, but no annotations.
	 */
	private static final class Scanner extends ClassPathScanningCandidateComponentProvider {

		Scanner(ResourceLoader resources) {
			super(false);
			setResourceLoader(resources);
			// Also annotations of brokers, which carry it, and interfaces.
			addIncludeFilter(new AnnotationTypeFilter(OutboxEvent.class, true, true));
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
