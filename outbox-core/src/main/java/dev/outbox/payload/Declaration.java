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

package dev.outbox.payload;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.outbox.InvalidEventTypeException;
import dev.outbox.OutboxEvent;
import org.jspecify.annotations.Nullable;

/**
 * What the annotations of a class say about its events.
 */
record Declaration(@Nullable Class<?> declaredBy, @Nullable String type, int version, @Nullable String key,
		@Nullable String aggregateType, @Nullable String destination, @Nullable String transport) {

	static final Declaration NOTHING = new Declaration(null, null, 1, null, null, null, null);

	/**
	 * Form of a key in {@code @Externalized}: an expression that names one property.
	 */
	private static final Pattern KEY = Pattern.compile("#\\{\\s*(?:#this\\.)?(\\w+)(?:\\(\\))?\\s*}");

	/**
	 * Reads the annotations of a class itself, not those of its superclass.
	 * @return the declaration, or {@code null} if nothing says that it is an event
	 */
	static @Nullable Declaration of(Class<?> candidate) {
		OutboxEvent own = candidate.getDeclaredAnnotation(OutboxEvent.class);
		List<Annotation> marked = Stream.of(candidate.getDeclaredAnnotations())
			.filter((annotation) -> annotation.annotationType().isAnnotationPresent(OutboxEvent.class))
			.toList();
		if (own != null || !marked.isEmpty()) {
			return merge(candidate, own, marked);
		}
		for (Annotation other : candidate.getDeclaredAnnotations()) {
			// By name: neither library has to be there.
			String name = other.annotationType().getName();
			if (name.equals("org.springframework.modulith.events.Externalized")
					|| name.equals("org.jmolecules.event.annotation.Externalized")) {
				return ofExternalized(candidate, other);
			}
		}
		return null;
	}

	/**
	 * Reads the annotations of a class, or else of its nearest superclass that has any,
	 * or else of its interfaces.
	 */
	static Declaration nearest(Class<?> candidate) {
		for (Class<?> type = candidate; type != null; type = type.getSuperclass()) {
			Declaration declaration = of(type);
			if (declaration != null) {
				return declaration;
			}
		}
		Declaration shared = ofInterfaces(candidate);
		return (shared != null) ? shared : NOTHING;
	}

	/**
	 * Reads the annotations of the interfaces of a class, which a record has in the place
	 * of a superclass. One that extends another one wins over it.
	 * @return the declaration, or {@code null} if no interface says that it is an event
	 */
	static @Nullable Declaration ofInterfaces(Class<?> candidate) {
		Map<Class<?>, Declaration> declared = new LinkedHashMap<>();
		collect(candidate, declared);
		declared.keySet()
			.removeIf((type) -> declared.keySet()
				.stream()
				.anyMatch((other) -> other != type && type.isAssignableFrom(other)));
		if (declared.size() > 1) {
			throw new InvalidEventTypeException(
					"Several interfaces of " + candidate.getName() + " say how its events are published: "
							+ declared.keySet().stream().map(Class::getName).collect(Collectors.joining(", "))
							+ ". Events of the class cannot be published. Annotate the class itself.");
		}
		return declared.isEmpty() ? null : declared.values().iterator().next();
	}

	private static void collect(Class<?> candidate, Map<Class<?>, Declaration> declared) {
		for (Class<?> type : candidate.getInterfaces()) {
			Declaration declaration = of(type);
			if (declaration != null) {
				declared.put(type, declaration);
			}
			collect(type, declared);
		}
		if (candidate.getSuperclass() != null) {
			collect(candidate.getSuperclass(), declared);
		}
	}

	/**
	 * What the class says itself wins over what is said by an annotation that makes it an
	 * event.
	 */
	private static Declaration merge(Class<?> candidate, @Nullable OutboxEvent own, List<Annotation> marked) {
		List<OutboxEvent> said = new ArrayList<>();
		if (own != null) {
			said.add(own);
		}
		marked.forEach((annotation) -> said.add(annotation.annotationType().getAnnotation(OutboxEvent.class)));
		return new Declaration(candidate, first(said, OutboxEvent::type), said.get(0).version(),
				key(candidate, said, marked), first(said, OutboxEvent::aggregateType),
				first(said, OutboxEvent::destination), transport(own, said));
	}

	private static @Nullable String first(List<OutboxEvent> said, Function<OutboxEvent, String> attribute) {
		return said.stream()
			.map(attribute)
			.filter((value) -> !value.isBlank())
			.map(String::trim)
			.findFirst()
			.orElse(null);
	}

	private static @Nullable String key(Class<?> candidate, List<OutboxEvent> said, List<Annotation> marked) {
		Set<String> keys = new LinkedHashSet<>();
		said.forEach((annotation) -> keys.add(annotation.key().trim()));
		marked.forEach((annotation) -> keys.add(attribute(annotation, "key")));
		keys.remove("");
		if (keys.size() > 1) {
			throw new InvalidEventTypeException("The annotations of " + candidate.getName()
					+ " name different properties as its key: " + String.join(", ", keys) + ". Events of the class"
					+ " cannot be published. Name the key once, or the same property everywhere.");
		}
		return keys.isEmpty() ? null : keys.iterator().next();
	}

	/**
	 * Two annotations that name different transports leave the choice open.
	 */
	private static @Nullable String transport(@Nullable OutboxEvent own, List<OutboxEvent> said) {
		if (own != null && !own.transport().isBlank()) {
			return own.transport().trim();
		}
		List<String> named = said.stream()
			.map((annotation) -> annotation.transport().trim())
			.filter((name) -> !name.isEmpty())
			.distinct()
			.toList();
		return (named.size() == 1) ? named.get(0) : null;
	}

	private static Declaration ofExternalized(Class<?> candidate, Annotation annotation) {
		String target = attribute(annotation, "target");
		if (target.isEmpty()) {
			target = attribute(annotation, "value");
		}
		int separator = target.indexOf("::");
		if (separator < 0) {
			return new Declaration(candidate, null, 1, null, null, text(target), null);
		}
		String expression = target.substring(separator + 2);
		Matcher key = KEY.matcher(expression);
		if (!key.matches()) {
			throw new InvalidEventTypeException("The key '" + expression + "' of @Externalized on "
					+ candidate.getName() + " is not understood: only #{property} and #{method()} are. Events of the"
					+ " class cannot be published. Use @OutboxEvent(key = ...) or an OutboxRouting instead.");
		}
		return new Declaration(candidate, null, 1, key.group(1), null, text(target.substring(0, separator)), null);
	}

	private static String attribute(Annotation annotation, String name) {
		try {
			Method method = annotation.annotationType().getMethod(name);
			method.setAccessible(true);
			return (method.invoke(annotation) instanceof String value) ? value.trim() : "";
		}
		catch (ReflectiveOperationException ex) {
			return "";
		}
	}

	private static @Nullable String text(String value) {
		return value.isBlank() ? null : value.trim();
	}

}
