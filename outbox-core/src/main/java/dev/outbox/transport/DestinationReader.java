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

package dev.outbox.transport;

import java.lang.annotation.Annotation;

import org.jspecify.annotations.Nullable;

/**
 * Reads where the events of a class go from an annotation of one transport. Does not need
 * the broker's client on the class path, and does no I/O. Thread-safe.
 */
public interface DestinationReader {

	/**
	 * Returns the transport that the annotation belongs to.
	 * @return name of the transport
	 */
	String transport();

	/**
	 * Returns the annotation that this reader understands, by which event classes are
	 * found.
	 * @return the annotation, which is kept until run time
	 */
	Class<? extends Annotation> annotation();

	/**
	 * Reads the annotation of a class itself, not those of its superclass.
	 * @param eventClass the class
	 * @return what is declared, or {@code null} if the class does not carry the
	 * annotation
	 * @throws dev.outbox.InvalidEventTypeException if what it says is wrong
	 */
	@Nullable DeclaredDestination read(Class<?> eventClass);

}
