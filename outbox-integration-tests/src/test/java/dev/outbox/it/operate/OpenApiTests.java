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

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import dev.outbox.OutboxException;
import dev.outbox.actuate.OperatedOutbox;
import dev.outbox.actuate.OperatedOutboxes;
import dev.outbox.actuate.OutboxEndpoint;
import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.it.operate.OpenApi.Parameter;
import dev.outbox.store.ClusterStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.DiscoveredEndpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The description of the endpoints has what Spring Boot serves, and nothing else. What
 * they answer is compared with it wherever a test uses them, see {@link HttpOperator}.
 */
class OpenApiTests {

	private static final H2Database DATABASE = H2Database.fresh();

	private static final OpenApi DESCRIPTION = OpenApi.document();

	private static ConfigurableApplicationContext application;

	@BeforeAll
	static void start() {
		application = TestApplication.of(OperatedApplication.class, DATABASE)
			.serving()
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY,
					"management.endpoints.web.exposure.include=*", "management.endpoints.access.default=unrestricted",
					"outbox.relay.enabled=false")
			.run();
	}

	@AfterAll
	static void stop() {
		application.close();
		DATABASE.close();
	}

	/**
	 * An operation with a word in the place of the variable is one of Spring Boot's too.
	 */
	@Test
	void everyOperationIsDescribedAndEveryDescribedOneIsServed() {
		Map<String, Map<String, Parameter>> served = served();
		Map<String, Map<String, Parameter>> described = new TreeMap<>();
		DESCRIPTION.operations().forEach((operation, parameters) -> {
			String name = served.containsKey(operation) ? operation : operation.replaceFirst("/[^/]+$", "/{id}");
			described.computeIfAbsent(name, (key) -> new HashMap<>()).putAll(parameters);
		});
		assertThat(described).isEqualTo(served);
	}

	private static Map<String, Map<String, Parameter>> served() {
		Map<String, Map<String, Parameter>> served = new TreeMap<>();
		Set<String> mapped = new TreeSet<>();
		application.getBean(WebEndpointsSupplier.class).getEndpoints().forEach((endpoint) -> {
			if (!endpoint.getEndpointId().toString().startsWith("outbox")) {
				return;
			}
			endpoint.getOperations()
				.forEach((operation) -> mapped.add(operation.getRequestPredicate().getHttpMethod() + " /actuator/"
						+ operation.getRequestPredicate().getPath()));
			Object bean = ((DiscoveredEndpoint<?>) endpoint).getEndpointBean();
			for (Method method : bean.getClass().getDeclaredMethods()) {
				String verb = verb(method);
				if (verb != null) {
					boolean one = Arrays.stream(method.getParameters())
						.anyMatch((given) -> given.getName().equals("id"));
					served.put(verb + " /actuator/" + endpoint.getRootPath() + (one ? "/{id}" : ""),
							parameters(method));
				}
			}
		});
		assertThat(mapped).isNotEmpty().isEqualTo(served.keySet());
		return served;
	}

	private static @Nullable String verb(Method method) {
		if (method.isAnnotationPresent(ReadOperation.class)) {
			return "GET";
		}
		if (method.isAnnotationPresent(WriteOperation.class)) {
			return "POST";
		}
		return method.isAnnotationPresent(DeleteOperation.class) ? "DELETE" : null;
	}

	private static Map<String, Parameter> parameters(Method method) {
		Map<String, Parameter> parameters = new LinkedHashMap<>();
		Map<Class<?>, String> types = Map.of(String.class, "string", Boolean.class, "boolean", Integer.class, "int32",
				Long.class, "int64");
		Arrays.stream(method.getParameters())
			.filter((given) -> given.getType() != SecurityContext.class)
			.forEach((given) -> parameters.put(given.getName(), new Parameter(types.get(given.getType()),
					!given.getAnnotatedType().isAnnotationPresent(Nullable.class))));
		return parameters;
	}

	@Test
	void theExamplesAreAsTheirSchemasSay() {
		Set<String> checked = new TreeSet<>();
		DESCRIPTION.forEachExample((schema, example) -> {
			assertThat(DESCRIPTION.problems(schema, example)).as(schema).isEmpty();
			checked.add(schema);
		});
		assertThat(checked).hasSizeGreaterThan(10);
	}

	@Test
	void whatIsNotDescribedIsAProblem() {
		JsonNode change = mapper().valueToTree(Map.of("changed", true, "message", "done", "surprise", 1));
		assertThat(DESCRIPTION.problems("/components/schemas/Change", change)).hasSize(1);
	}

	@Test
	void anInstanceThatOnlyPublishesIsDescribed() {
		HttpOperator viewer = HttpOperator
			.anonymous(((WebServerApplicationContext) application).getWebServer().getPort())
			.as("vera");
		assertThat(viewer.get("outbox").at("/state")).isEqualTo("publishes only");
		assertThat(viewer.get("outboxdeadletters/bulk").status()).isEqualTo(404);
	}

	@Test
	void severalOutboxesAreDescribedAndSoIsOneWhoseDatabaseIsAway() {
		OperatedOutbox outbox = application.getBean(OperatedOutbox.class);
		OperatedOutbox away = new OperatedOutbox(outbox.letters(), outbox.bulk(), outbox.holds(), outbox.audit(),
				brokenStore(), outbox.instance(), outbox.doctor());
		OutboxEndpoint endpoint = new OutboxEndpoint(OperatedOutboxes.of(Map.of("orders", outbox, "bills", away)));
		JsonNode shown = mapper().valueToTree(endpoint.show(null));
		assertThat(shown.at("/outboxes").propertyNames()).containsExactlyInAnyOrder("orders", "bills");
		assertThat(shown.at("/outboxes/bills/cluster").asString()).startsWith("unknown");
		assertThat(DESCRIPTION.problems("/components/schemas/OutboxStates", shown)).isEmpty();
	}

	private static ClusterStore brokenStore() {
		return (blockedKeys) -> {
			throw new OutboxException("away");
		};
	}

	private static JsonMapper mapper() {
		return application.getBean(EndpointJsonMapper.class).get();
	}

}
