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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.classreading.MetadataReader;
import org.springframework.core.type.filter.AbstractTypeHierarchyTraversingFilter;
import org.springframework.util.ClassUtils;

/**
 * Finds the classes that say of themselves that they are events, published or not. Only
 * those are loaded.
 */
public final class EventClassScanner {

	private static final Logger logger = LoggerFactory.getLogger(EventClassScanner.class);

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
	 * @return the classes that can be loaded, in the order of their names; among them
	 * interfaces and abstract classes, whose classes are events
	 */
	public Set<Class<?>> find(Collection<String> packages) {
		Scanner scanner = new Scanner(this.resources);
		Set<Class<?>> found = new TreeSet<>(Comparator.comparing(Class::getName));
		for (String name : packages) {
			for (BeanDefinition candidate : scanner.findCandidateComponents(name)) {
				load(String.valueOf(candidate.getBeanClassName()), found);
			}
		}
		return found;
	}

	private void load(String name, Set<Class<?>> found) {
		try {
			found.add(ClassUtils.forName(name, this.resources.getClassLoader()));
		}
		catch (ClassNotFoundException | LinkageError ex) {
			logger.debug("Left out, as it cannot be loaded: {}", name, ex);
		}
	}

	/**
	 * Returns whether a class is one of events, because of an annotation of its own or of
	 * one that it inherits from a superclass or an interface.
	 * @param type the class
	 * @return whether it says of itself that it is an event
	 */
	public static boolean isEvent(Class<?> type) {
		MergedAnnotations annotations = MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY);
		return annotations.isPresent(OutboxEvent.class)
				|| EXTERNALIZED.stream().anyMatch(annotations::isDirectlyPresent);
	}

	/**
	 * Returns whether an annotation has attributes that are read of each event.
	 * @param annotation an annotation of an event
	 * @return whether it says how the event is published
	 */
	public static boolean isRead(Class<?> annotation) {
		return annotation == OutboxEvent.class || annotation.isAnnotationPresent(OutboxEvent.class)
				|| EXTERNALIZED.contains(annotation.getName());
	}

	/**
	 * Finds classes of any kind, nested ones too, but no annotations.
	 */
	private static final class Scanner extends ClassPathScanningCandidateComponentProvider {

		Scanner(ResourceLoader resources) {
			super(false);
			setResourceLoader(resources);
			addIncludeFilter(new EventFilter());
		}

		@Override
		protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
			return !definition.getMetadata().isAnnotation();
		}

	}

	/**
	 * {@link #isEvent} of classes that are not loaded.
	 */
	private static final class EventFilter extends AbstractTypeHierarchyTraversingFilter {

		EventFilter() {
			super(true, true);
		}

		@Override
		protected boolean matchSelf(MetadataReader type) {
			AnnotationMetadata metadata = type.getAnnotationMetadata();
			// Also annotations of brokers, which carry it.
			return metadata.isAnnotated(OutboxEvent.class.getName())
					|| EXTERNALIZED.stream().anyMatch(metadata::hasAnnotation);
		}

		@Override
		protected @Nullable Boolean matchSuperClass(String name) {
			return matchName(name);
		}

		@Override
		protected @Nullable Boolean matchInterface(String name) {
			return matchName(name);
		}

		/**
		 * What the JDK has needs not be read.
		 */
		private static @Nullable Boolean matchName(String name) {
			return name.startsWith("java.") ? false : null;
		}

	}

}
