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

package dev.outbox.transport.kafka;

import java.util.Map;

import dev.outbox.Destination;
import dev.outbox.InvalidEventTypeException;
import dev.outbox.transport.DeclaredDestination;
import dev.outbox.transport.DestinationReader;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@link KafkaTopic @KafkaTopic}.
 */
public final class KafkaTopicReader implements DestinationReader {

	private static final String TRANSPORT = "kafka";

	@Override
	public String transport() {
		return TRANSPORT;
	}

	@Override
	public Class<KafkaTopic> annotation() {
		return KafkaTopic.class;
	}

	@Override
	public @Nullable DeclaredDestination read(Class<?> eventClass) {
		KafkaTopic topic = topic(eventClass);
		return (topic != null) ? new DeclaredDestination(new Destination(TRANSPORT, topic.name().trim()), Map.of())
				: null;
	}

	/**
	 * Returns the annotation of a class.
	 * @return what it says, or {@code null} if the class does not carry it
	 * @throws InvalidEventTypeException if it says nothing that is possible
	 */
	static @Nullable KafkaTopic topic(Class<?> eventClass) {
		KafkaTopic topic = eventClass.getDeclaredAnnotation(KafkaTopic.class);
		if (topic != null && eventClass.isAnnotation()) {
			throw new InvalidEventTypeException("The @KafkaTopic on " + eventClass.getName()
					+ " is on an annotation, which makes no class an event. No topic was created or compared."
					+ " Put it on the event class itself.");
		}
		if (topic != null && topic.name().isBlank()) {
			throw new InvalidEventTypeException("The name in @KafkaTopic on " + eventClass.getName()
					+ " is blank. Events of the class cannot be published. Name the topic.");
		}
		return topic;
	}

}
