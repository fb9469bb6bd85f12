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
import java.util.ServiceLoader;
import java.util.function.Consumer;

import dev.outbox.transport.DestinationReader;

/**
 * How events find their destination when neither a message nor a route names it.
 *
 * @param readers read what classes declare
 * @param names names for events whose class declares nothing
 * @param discovered told once of each class that declares a destination, when its first
 * event is published; must not block
 */
public record DestinationSettings(List<DestinationReader> readers, TopicNames names, Consumer<Class<?>> discovered) {

	public DestinationSettings {
		readers = List.copyOf(readers);
	}

	/**
	 * Returns settings that read the annotations of all transports of the library, found
	 * as services.
	 * @return the settings
	 */
	public static DestinationSettings defaults() {
		List<DestinationReader> readers = ServiceLoader
			.load(DestinationReader.class, DestinationReader.class.getClassLoader())
			.stream()
			.map(ServiceLoader.Provider::get)
			.toList();
		return new DestinationSettings(readers, TopicNames.aggregateEvents(), (eventClass) -> {
		});
	}

}
