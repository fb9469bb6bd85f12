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

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import dev.outbox.EventSerializationException;
import dev.outbox.InvalidEventTypeException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one property of a class: a record component, a method without parameters, a
 * getter or a field.
 */
final class PropertyReader {

	private final String description;

	private final MethodHandle handle;

	private PropertyReader(String description, MethodHandle handle) {
		this.description = description;
		this.handle = handle.asType(MethodType.methodType(Object.class, Object.class));
	}

	static PropertyReader of(Class<?> owner, String property) {
		String description = owner.getName() + "." + property;
		try {
			Method method = findMethod(owner, property);
			if (method != null) {
				method.setAccessible(true);
				return new PropertyReader(description, MethodHandles.lookup().unreflect(method));
			}
			Field field = findField(owner, property);
			if (field != null) {
				field.setAccessible(true);
				return new PropertyReader(description, MethodHandles.lookup().unreflectGetter(field));
			}
		}
		catch (IllegalAccessException | InaccessibleObjectException ex) {
			throw new InvalidEventTypeException("The key property " + description + " cannot be read. Events of the"
					+ " class cannot be published. Open its package to dev.outbox.core, or set the key by an"
					+ " OutboxRouting.", ex);
		}
		throw new InvalidEventTypeException("The key property " + description + " does not exist: there is no record"
				+ " component, getter or field of that name. Events of the class cannot be published. Correct the"
				+ " key in the annotation.");
	}

	private static @Nullable Method findMethod(Class<?> owner, String property) {
		String capitalized = property.substring(0, 1).toUpperCase(Locale.ROOT) + property.substring(1);
		return Stream.of(property, "get" + capitalized, "is" + capitalized)
			.flatMap((name) -> hierarchy(owner).stream()
				.flatMap((type) -> Stream.of(type.getDeclaredMethods()))
				.filter((method) -> method.getName().equals(name) && isGetter(method)))
			.findFirst()
			.orElse(null);
	}

	private static boolean isGetter(Method method) {
		return method.getParameterCount() == 0 && method.getReturnType() != void.class
				&& !Modifier.isStatic(method.getModifiers());
	}

	private static @Nullable Field findField(Class<?> owner, String property) {
		for (Class<?> type : hierarchy(owner)) {
			for (Field field : type.getDeclaredFields()) {
				if (field.getName().equals(property) && !Modifier.isStatic(field.getModifiers())) {
					return field;
				}
			}
		}
		return null;
	}

	private static Set<Class<?>> hierarchy(Class<?> owner) {
		Set<Class<?>> types = new LinkedHashSet<>();
		for (Class<?> type = owner; type != null && type != Object.class; type = type.getSuperclass()) {
			types.add(type);
		}
		for (Class<?> type = owner; type != null; type = type.getSuperclass()) {
			addInterfaces(type, types);
		}
		return types;
	}

	private static void addInterfaces(Class<?> type, Set<Class<?>> types) {
		for (Class<?> implemented : type.getInterfaces()) {
			types.add(implemented);
			addInterfaces(implemented, types);
		}
	}

	@Nullable Object read(Object target) {
		try {
			return this.handle.invokeExact(target);
		}
		catch (Error ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new EventSerializationException("The key property " + this.description
					+ " could not be read. The event was neither stored nor sent. Make it readable at any time.", ex);
		}
	}

}
