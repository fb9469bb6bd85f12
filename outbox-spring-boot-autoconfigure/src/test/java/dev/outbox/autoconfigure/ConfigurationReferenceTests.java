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

package dev.outbox.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.json.JsonParserFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps {@code docs/reference/configuration.md} equal to what the properties say. Run
 * with {@code -Doutbox.docs.write=true} to write it.
 */
class ConfigurationReferenceTests {

	private static final Path DOCUMENT = Path.of("..", "docs", "reference", "configuration.md");

	@Test
	void everyPropertyHasADescriptionInTheHouseStyle() throws IOException {
		assertThat(properties()).isNotEmpty().allSatisfy((property) -> {
			String name = property.get("name").toString();
			assertThat((String) property.get("description")).as(name)
				.isNotBlank()
				.endsWith(".")
				.doesNotStartWith("The ")
				.doesNotContain("{@", "<");
			if (property.get("type").equals("java.lang.Boolean")) {
				assertThat((String) property.get("description")).as(name).startsWith("Whether ");
			}
		});
	}

	@Test
	void theHintsAreOfPropertiesThatThereAreAndOfTypesThatThereAre() throws Exception {
		List<Object> names = properties().stream().map((property) -> property.get("name")).toList();
		List<Map<String, Object>> hints = metadata("hints");
		assertThat(hints).extracting((hint) -> hint.get("name")).isNotEmpty().isSubsetOf(names);
		for (Map<String, Object> hint : hints) {
			for (Object provider : (List<?>) hint.getOrDefault("providers", List.of())) {
				Map<?, ?> parameters = (Map<?, ?>) ((Map<?, ?>) provider).get("parameters");
				if (parameters != null) {
					assertThat(Class.forName((String) parameters.get("target"))).isInterface();
				}
			}
		}
	}

	@Test
	void theReferenceIsUpToDate() throws IOException {
		String expected = render();
		if (Boolean.getBoolean("outbox.docs.write")) {
			Files.createDirectories(DOCUMENT.getParent());
			Files.writeString(DOCUMENT, expected);
		}
		assertThat(Files.readString(DOCUMENT)).as("rerun with -Doutbox.docs.write=true").isEqualTo(expected);
	}

	private static String render() throws IOException {
		StringBuilder document = new StringBuilder("""
				# Configuration

				Every property of the outbox, from the metadata that your IDE shows. A test compares this page with it.
				Values that the outbox cannot work with fail the start.

				| property | default | |
				|---|---|---|
				""");
		for (Map<String, Object> property : properties()) {
			document.append("| `")
				.append(property.get("name"))
				.append("` | ")
				.append(property.containsKey("defaultValue") ? "`" + property.get("defaultValue") + "`" : "")
				.append(" | ")
				.append(property.get("description").toString().replace("|", "\\|"))
				.append(" |\n");
		}
		return document.toString();
	}

	static List<Map<String, Object>> properties() throws IOException {
		return metadata("properties").stream()
			.filter((property) -> property.get("name").toString().startsWith("outbox."))
			.sorted(Comparator.comparing((property) -> property.get("name").toString()))
			.toList();
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> metadata(String part) throws IOException {
		try (InputStream metadata = OutboxProperties.class
			.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			String json = new String(metadata.readAllBytes(), StandardCharsets.UTF_8);
			List<?> all = (List<?>) JsonParserFactory.getJsonParser().parseMap(json).get(part);
			return all.stream().map((one) -> (Map<String, Object>) one).toList();
		}
	}

}
