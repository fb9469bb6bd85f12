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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.outbox.InvalidEventTypeException;
import dev.outbox.OutboxEvent;
import org.jspecify.annotations.Nullable;

/**
 * What the annotations of a class say about its events.
 */
record Declaration(@Nullable String type, int version, @Nullable String key, @Nullable String aggregateType,
		@Nullable String destination, @Nullable String transport) {

	static final Declaration NOTHING = new Declaration(null, 1, null, null, null, null);

	/**
	 * Form of a key in {@code @Externalized}: an expression that names one property.
	 */
	private static final Pattern KEY = Pattern.compile("#\\{\\s*(?:#this\\.)?(\\w+)(?:\\(\\))?\\s*}");

	/**
	 * Reads the annotations of a class itself, not those of its superclass.
	 * @return the declaration, or {@code null} if nothing says that it is an event
	 */
	static @Nullable Declaration of(Class<?> candidate) {
		OutboxEvent annotation = candidate.getDeclaredAnnotation(OutboxEvent.class);
		if (annotation != null) {
			return new Declaration(text(annotation.type()), annotation.version(), text(annotation.key()),
					text(annotation.aggregateType()), text(annotation.destination()), text(annotation.transport()));
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
	 * Reads the annotations of a class, or else of its nearest superclass that has any.
	 */
	static Declaration nearest(Class<?> candidate) {
		Declaration declaration = of(candidate);
		if (declaration != null) {
			return declaration;
		}
		Class<?> parent = candidate.getSuperclass();
		return (parent != null) ? nearest(parent) : NOTHING;
	}

	private static Declaration ofExternalized(Class<?> candidate, Annotation annotation) {
		String target = attribute(annotation, "target");
		if (target.isEmpty()) {
			target = attribute(annotation, "value");
		}
		int separator = target.indexOf("::");
		if (separator < 0) {
			return new Declaration(null, 1, null, null, text(target), null);
		}
		String expression = target.substring(separator + 2);
		Matcher key = KEY.matcher(expression);
		if (!key.matches()) {
			throw new InvalidEventTypeException("The key '" + expression + "' of @Externalized on "
					+ candidate.getName() + " is not understood: only #{property} and #{method()} are. Events of the"
					+ " class cannot be published. Use @OutboxEvent(key = ...) or an OutboxRouting instead.");
		}
		return new Declaration(null, 1, key.group(1), null, text(target.substring(0, separator)), null);
	}

	private static String attribute(Annotation annotation, String name) {
		try {
			return String.valueOf(annotation.annotationType().getMethod(name).invoke(annotation)).trim();
		}
		catch (ReflectiveOperationException ex) {
			return "";
		}
	}

	private static @Nullable String text(String value) {
		return value.isBlank() ? null : value.trim();
	}

}
