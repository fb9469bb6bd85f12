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

import java.lang.reflect.Proxy;
import java.util.stream.Stream;

import org.springframework.util.ClassUtils;

/**
 * Tells classes that somebody wrote from those that a compiler or a library made, whose
 * names differ from run to run or are missing.
 */
final class GeneratedClasses {

	private GeneratedClasses() {
	}

	/**
	 * Returns the class that somebody wrote: the enum of a constant with a body, the
	 * superclass of what CGLIB or Hibernate made.
	 * @return the class; what is given if it has no such superclass
	 */
	static Class<?> userClass(Class<?> candidate) {
		Class<?> type = candidate;
		Class<?> parent = type.getSuperclass();
		while (parent != null && parent != Object.class && (isBodyOfConstant(type) || isSubclassOfLibrary(type))) {
			type = parent;
			parent = type.getSuperclass();
		}
		return type;
	}

	/**
	 * Returns whether no type of events can be made of the name of a class.
	 */
	static boolean isNameless(Class<?> candidate) {
		return candidate.isAnonymousClass() || candidate.isHidden() || candidate.isSynthetic()
				|| Proxy.isProxyClass(candidate) || isSubclassOfLibrary(candidate);
	}

	private static boolean isBodyOfConstant(Class<?> candidate) {
		return candidate.isAnonymousClass() && candidate.getSuperclass().isEnum();
	}

	/**
	 * Libraries append to the name of what they extend, Hibernate with a single dollar
	 * sign. A nested class that somebody wrote has an enclosing one.
	 */
	private static boolean isSubclassOfLibrary(Class<?> candidate) {
		return candidate.getName().contains(ClassUtils.CGLIB_CLASS_SEPARATOR) || candidate.getEnclosingClass() == null
				&& Stream.concat(Stream.ofNullable(candidate.getSuperclass()), Stream.of(candidate.getInterfaces()))
					.anyMatch((parent) -> candidate.getName().startsWith(parent.getName() + "$"));
	}

}
