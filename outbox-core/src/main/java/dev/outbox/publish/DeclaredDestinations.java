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

package dev.outbox.publish;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

import dev.outbox.payload.EventType;
import dev.outbox.transport.DeclaredDestination;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what classes declare about where their events go.
 */
final class DeclaredDestinations {

	private final DestinationSettings settings;

	private final Map<Class<?>, List<DeclaredDestination>> known = new ConcurrentHashMap<>();

	DeclaredDestinations(DestinationSettings settings) {
		this.settings = settings;
	}

	/**
	 * Returns what is declared for events of a type: at most one destination for each
	 * transport.
	 */
	List<DeclaredDestination> of(@Nullable EventType type) {
		if (type == null) {
			return List.of();
		}
		Class<?> eventClass = type.declaringClass();
		List<DeclaredDestination> declared = this.known.get(eventClass);
		return (declared != null) ? declared : read(eventClass);
	}

	private List<DeclaredDestination> read(Class<?> eventClass) {
		List<DeclaredDestination> declared = this.settings.readers()
			.stream()
			.map((reader) -> reader.read(eventClass))
			.filter(Objects::nonNull)
			.toList();
		if (this.known.putIfAbsent(eventClass, declared) == null && !declared.isEmpty()) {
			this.settings.discovered().accept(eventClass);
		}
		return declared;
	}

}
