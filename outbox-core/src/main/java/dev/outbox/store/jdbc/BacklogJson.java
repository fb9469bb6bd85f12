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

package dev.outbox.store.jdbc;

import java.io.StringWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import dev.outbox.Destination;
import dev.outbox.store.Backlog;
import dev.outbox.store.Backlog.Waiting;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A backlog as JSON: an array, the first five elements of which are about all
 * destinations, and four more about each of them.
 */
final class BacklogJson {

	private final JsonFactory factory = new JsonFactory();

	String write(Backlog backlog) {
		StringWriter text = new StringWriter();
		try (JsonGenerator json = this.factory.createGenerator(ObjectWriteContext.empty(), text)) {
			json.writeStartArray();
			json.writeNumber(backlog.waiting());
			json.writeNumber(backlog.oldest().toMillis());
			json.writeNumber(backlog.scheduled());
			json.writeNumber(backlog.dead());
			json.writeBoolean(backlog.exact());
			backlog.destinations().forEach((destination, waiting) -> {
				json.writeString(destination.transport());
				json.writeString(destination.name());
				json.writeNumber(waiting.events());
				json.writeNumber(waiting.oldest().toMillis());
			});
			json.writeEndArray();
		}
		return text.toString();
	}

	/**
	 * Returns nothing for what another version may have written.
	 */
	Optional<Backlog> read(String text) {
		try (JsonParser json = this.factory.createParser(ObjectReadContext.empty(), text)) {
			if (json.nextToken() != JsonToken.START_ARRAY) {
				return Optional.empty();
			}
			long waiting = number(json);
			Duration oldest = Duration.ofMillis(number(json));
			long scheduled = number(json);
			long dead = number(json);
			boolean exact = json.nextToken() == JsonToken.VALUE_TRUE;
			Map<Destination, Waiting> destinations = new HashMap<>();
			while (json.nextToken() == JsonToken.VALUE_STRING) {
				String transport = json.getString();
				json.nextToken();
				Destination destination = new Destination(transport, json.getString());
				destinations.put(destination, new Waiting(number(json), Duration.ofMillis(number(json))));
			}
			return Optional.of(new Backlog(waiting, oldest, scheduled, dead, destinations, exact));
		}
		catch (JacksonException | IllegalArgumentException ex) {
			return Optional.empty();
		}
	}

	private static long number(JsonParser json) {
		json.nextToken();
		return json.getLongValue();
	}

}
