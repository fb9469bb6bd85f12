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

package dev.outbox.it.operate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

import com.networknt.schema.Error;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The description of the endpoints, {@code docs/reference/openapi.yaml}.
 */
final class OpenApi {

	private static final String LOCATION = "https://outbox.invalid/openapi.yaml";

	private static final OpenApi DOCUMENT = read();

	private final JsonNode root;

	private final SchemaRegistry schemas;

	private OpenApi(String text) {
		this.root = new YAMLMapper().readTree(text);
		this.schemas = SchemaRegistry.withDialect(Dialects.getOpenApi31(),
				(registry) -> registry.schemas(Map.of(LOCATION, text))
					.schemaRegistryConfig(SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
	}

	static OpenApi document() {
		return DOCUMENT;
	}

	private static OpenApi read() {
		Path folder = Path.of("").toAbsolutePath();
		while (folder != null && !Files.isDirectory(folder.resolve("docs"))) {
			folder = folder.getParent();
		}
		try {
			return new OpenApi(Files.readString(folder.resolve("docs/reference/openapi.yaml")));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Checks that a request and its answer are as described.
	 * @param method method of the request
	 * @param target its path and query
	 * @param sent its body
	 * @param status status of the answer
	 * @param type MIME type of the answer
	 * @param body body of the answer
	 */
	void check(String method, String target, @Nullable String sent, int status, @Nullable String type, String body) {
		String operation = operation(method, target.replaceFirst("\\?.*", ""));
		String answer = resolved(operation + "/responses/" + status);
		assertThat(this.root.at(answer).isObject()).as("%s answers %d", operation, status).isTrue();
		JsonNode contents = this.root.at(answer + "/content");
		if (contents.isObject()) {
			String content = answer + "/content/" + escaped(String.valueOf(type).replaceFirst(";.*", ""));
			assertThat(this.root.at(content).isObject()).as("%s has %s", answer, type).isTrue();
			assertThat(problems(content + "/schema", JsonMapper.shared().readTree(body))).as(body).isEmpty();
		}
		if (status == 200 && sent != null) {
			assertThat(problems(operation + "/requestBody/content/application~1json/schema",
					JsonMapper.shared().readTree(sent)))
				.as(sent)
				.isEmpty();
		}
	}

	/**
	 * Returns where an operation is described. A path without a variable comes first.
	 */
	private String operation(String method, String path) {
		List<String> found = new ArrayList<>();
		this.root.at("/paths").propertyNames().forEach((described) -> {
			if (path.matches(described.replaceAll("\\{[^}]+}", "[^/]+"))) {
				found.add(described);
			}
		});
		assertThat(found).as(path).isNotEmpty();
		return "/paths/" + escaped(found.contains(path) ? path : found.get(0)) + '/' + method.toLowerCase();
	}

	/**
	 * Returns what of a value is not as its schema says.
	 */
	List<Error> problems(String schema, JsonNode value) {
		String pointer = resolved(schema);
		assertThat(this.root.at(pointer).isObject()).as(pointer).isTrue();
		return this.schemas.getSchema(SchemaLocation.of(LOCATION + '#' + pointer)).validate(value);
	}

	/**
	 * Returns the described operations, for example {@code GET /actuator/outbox}, with
	 * their parameters by name. Those of a body are its properties.
	 */
	Map<String, Map<String, Parameter>> operations() {
		Map<String, Map<String, Parameter>> operations = new LinkedHashMap<>();
		this.root.at("/paths").forEachEntry((path, item) -> item.forEachEntry((method, operation) -> {
			if (!method.equals("parameters")) {
				Map<String, Parameter> parameters = new LinkedHashMap<>();
				String pointer = "/paths/" + escaped(path);
				parameters(pointer + "/parameters", parameters);
				parameters(pointer + '/' + method + "/parameters", parameters);
				body(resolved(pointer + '/' + method + "/requestBody/content/application~1json/schema"), parameters);
				operations.put(method.toUpperCase() + ' ' + path, parameters);
			}
		}));
		return operations;
	}

	private void parameters(String list, Map<String, Parameter> parameters) {
		for (int i = 0; i < this.root.at(list).size(); i++) {
			JsonNode parameter = this.root.at(resolved(list + '/' + i));
			parameters.put(parameter.at("/name").asString(),
					Parameter.of(parameter.at("/schema"), parameter.at("/required").asBoolean(false)));
		}
	}

	private void body(String schema, Map<String, Parameter> parameters) {
		List<String> required = new ArrayList<>();
		this.root.at(schema + "/required").forEach((name) -> required.add(name.asString()));
		this.root.at(schema + "/properties")
			.forEachEntry((name, property) -> parameters.put(name, Parameter.of(property, required.contains(name))));
	}

	/**
	 * Calls with each example and its schema.
	 */
	void forEachExample(BiConsumer<String, JsonNode> action) {
		examples("", this.root, action);
	}

	private void examples(String pointer, JsonNode node, BiConsumer<String, JsonNode> action) {
		if (node.at("/schema").isObject()) {
			node.at("/examples").forEach((example) -> action.accept(pointer + "/schema", example.at("/value")));
		}
		if (node.isObject()) {
			node.forEachEntry((name, child) -> examples(pointer + '/' + escaped(name), child, action));
		}
		for (int i = 0; node.isArray() && i < node.size(); i++) {
			examples(pointer + '/' + i, node.get(i), action);
		}
	}

	private String resolved(String pointer) {
		JsonNode reference = this.root.at(pointer + "/$ref");
		return reference.isString() ? resolved(reference.asString().substring(1)) : pointer;
	}

	private static String escaped(String name) {
		return name.replace("~", "~0").replace("/", "~1");
	}

	/**
	 * A parameter of an operation.
	 */
	record Parameter(String type, boolean required) {

		static Parameter of(JsonNode schema, boolean required) {
			String format = schema.at("/format").asString("");
			return new Parameter(format.startsWith("int") ? format : schema.at("/type").asString(), required);
		}

	}

}
