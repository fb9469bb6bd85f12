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

package dev.outbox.cdc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The files of the documentation, which are what is tested.
 */
final class Documented {

	private static final Path FOLDER = folder();

	private Documented() {
	}

	static String sql(String name) {
		try {
			return Files.readString(FOLDER.resolve(name)).strip();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns the connector as a user would give it to Kafka Connect.
	 * @param changes what depends on where the database is
	 */
	static Map<String, String> connector(Map<String, String> changes) {
		JsonNode file = JsonMapper.builder().build().readTree(FOLDER.resolve("connector.json").toFile());
		Map<String, String> settings = new LinkedHashMap<>();
		settings.put("name", file.get("name").asString());
		file.get("config").properties().forEach((entry) -> settings.put(entry.getKey(), entry.getValue().asString()));
		changes.forEach((name, value) -> {
			if (settings.replace(name, value) == null) {
				throw new IllegalArgumentException("The documented connector has no " + name);
			}
		});
		return settings;
	}

	private static Path folder() {
		Path folder = Path.of("").toAbsolutePath();
		while (!Files.exists(folder.resolve("mvnw"))) {
			folder = folder.getParent();
		}
		return folder.resolve("docs/how-to/debezium");
	}

}
