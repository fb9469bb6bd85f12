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
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnknownPropertiesListener}.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnknownPropertiesListenerTests {

	@ParameterizedTest
	@CsvSource({ "outbox.relay.leese, outbox.relay.lease", "outbox.relay.poll-intervall, outbox.relay.poll-interval",
			"outbox.lease, outbox.relay.lease", "outbox.transprot, outbox.transport",
			"outbox.routes.order-placed.destinaton, outbox.routes.order-placed.destination",
			"outbox.instances.orders.relay.leese, outbox.instances.orders.relay.lease",
			"outbox.retries.max-attempts, outbox.retry.max-attempts", "outbox.relay.enable, outbox.relay.enabled" })
	void aPropertyThatIsNotReadIsNamedWithTheOneThatIsMeant(String wrong, String right, CapturedOutput output) {
		run(wrong, "1s");
		assertThat(output).contains("The outbox does not read the property '" + wrong + "' (");
		assertThat(output).contains("Is '" + right + "' meant?");
	}

	@Test
	void aPropertyThatIsLikeNoOtherIsNamedAlone(CapturedOutput output) {
		run("outbox.mail.server-address", "localhost");
		assertThat(output).contains("The outbox does not read the property 'outbox.mail.server-address' (")
			.doesNotContain(" meant?")
			.doesNotContain("localhost");
	}

	@ParameterizedTest
	@CsvSource({ "outbox.relay.pollInterval", "outbox.relay.poll_interval", "outbox.routes[order.placed].destination",
			"outbox.routes.order-placed.options.partition", "outbox.topics.names.order", "outbox.topology.packages[0]",
			"outbox.instances.orders.relay.lease", "outbox.instances.orders.transport",
			"outbox.relay.datasource.password", "outboxes.relay.leese" })
	void aPropertyThatIsReadIsNotNamed(String name, CapturedOutput output) {
		run(name, "5s");
		assertThat(output).doesNotContain("does not read");
	}

	@Test
	void aWrongValueDoesNotHideAWrongName(CapturedOutput output) {
		run(Map.of("outbox.relay.lease", "soon", "outbox.relay.leese", "5s", "outbox.retry.max-attempts", "0",
				"outbox.retry.max-atempts", "1"));
		assertThat(output).contains("'outbox.relay.leese'", "'outbox.retry.max-atempts'")
			.doesNotContain("'outbox.relay.lease' (")
			.doesNotContain("'outbox.retry.max-attempts' (");
	}

	@Test
	void theEnvironmentIsLeftAlone(CapturedOutput output) {
		SpringApplication application = application();
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
							Map.of("OUTBOX_RELAY_POLL_INTERVAL", "5s", "OUTBOX_HOME", "/opt/outbox")));
		application.setEnvironment(environment);
		application.run().close();
		assertThat(output).doesNotContain("does not read");
	}

	@Test
	void eachPropertyOfTheReferenceIsKnown(CapturedOutput output) throws IOException {
		List<String> names = ConfigurationReferenceTests.properties()
			.stream()
			.map((property) -> property.get("name").toString())
			.filter((name) -> !name.equals("outbox.instances"))
			.toList();
		assertThat(names).hasSizeGreaterThan(80);
		run(names.stream().collect(Collectors.toMap(Function.identity(), (name) -> "")));
		assertThat(output).doesNotContain("does not read");
	}

	private static void run(String name, String value) {
		run(Map.of(name, value));
	}

	private static void run(Map<String, Object> properties) {
		SpringApplication application = application();
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("application.yml", properties));
		application.setEnvironment(environment);
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(context.isActive()).isTrue();
		}
	}

	private static SpringApplication application() {
		SpringApplication application = new SpringApplication(Nothing.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		return application;
	}

	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

}
