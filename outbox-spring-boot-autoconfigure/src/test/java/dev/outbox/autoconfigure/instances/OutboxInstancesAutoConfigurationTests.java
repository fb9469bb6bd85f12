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

package dev.outbox.autoconfigure.instances;

import java.util.List;
import java.util.Map;

import dev.outbox.OutboxPublishers;
import dev.outbox.autoconfigure.OutboxInstanceNames;
import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.data.mongodb.MongoDatabaseFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

/**
 * Tests of what names several outboxes, and of what each consists of.
 */
class OutboxInstancesAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(OutboxInstancesAutoConfiguration.class));

	@Test
	void anOutboxOfSeveralConsistsOfAllThatASingleOneConsistsOf() {
		List<String> single = ImportCandidates.load(AutoConfiguration.class, null)
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith("dev.outbox.") && !name.contains(".instances.")
					&& !name.endsWith(".OutboxEndpointAutoConfiguration"))
			.toList();
		assertThat(ImportCandidates.load(OutboxInstanceConfiguration.class, null).getCandidates())
			.containsExactlyElementsOf(single);
	}

	@Test
	void withoutNamesThereIsNothing() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(OutboxPublishers.class));
		this.runner.withPropertyValues("outbox.enabled=false", "outbox.instances.a.source=x")
			.run((context) -> assertThat(context).doesNotHaveBean(OutboxPublishers.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "Shop", "1st", "a--b", "a_b" })
	void aNameThatIsNoneIsRefused(String name) {
		this.runner.withPropertyValues("outbox.instances.[" + name + "].source=x")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidOutboxPropertyException.class)
				.hasMessageContaining("outbox.instances must have names of lower-case letters"));
	}

	/**
	 * Nothing can be published, and nothing is lost: an outbox without a database fails
	 * the start, and says so.
	 */
	@Test
	void anOutboxThatCannotBeIsAFailureOfTheApplication() {
		this.runner.withPropertyValues("outbox.instances.shop.source=x")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("The outbox 'shop' has no OutboxPublisher")
				.hasMessageContaining("outbox.instances.shop.store.data-source"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "outbox.store.type", "outbox.instances.shop.store.type" })
	void anOutboxOfSeveralIsNotInMongo(String property) {
		this.runner.withPropertyValues("outbox.instances.shop.source=x", property + "=mongodb")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidOutboxPropertyException.class)
				.hasMessageStartingWith(property + " must be auto, jdbc, jpa or none for one of several outboxes"));
	}

	/**
	 * Although it could be in the only database of the application.
	 */
	@Test
	void mongoIsNoDatabaseForAnOutboxOfSeveral() {
		this.runner.withBean(MongoDatabaseFactory.class, () -> {
			throw new IllegalStateException("No bean is to be created");
		}, (definition) -> definition.setLazyInit(true))
			.withPropertyValues("outbox.instances.shop.source=x")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("The outbox 'shop' has no OutboxPublisher")
				.hasMessageContaining("In MongoDB there can be one outbox only, without outbox.instances"));
	}

	@Test
	void whatIsSetForAnOutboxMayComeFromTheEnvironment() {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
					Map.of("OUTBOX_INSTANCES_SHOP_STORE_TABLEPREFIX", "shop_")));
		ConfigurationPropertySources.attach(environment);
		assertThat(OutboxInstanceNames.all(environment)).containsExactly("shop");
		assertThat(OutboxInstanceNames.properties(environment, "shop"))
			.containsExactly(entry(ConfigurationPropertyName.of("outbox.store.table-prefix"), "shop_"));
	}

	/**
	 * It is the only way in which a variable can name an outbox with a hyphen.
	 */
	@Test
	void aNameWithoutItsHyphensIsTheSameName() {
		StandardEnvironment environment = new StandardEnvironment();
		MutablePropertySources sources = environment.getPropertySources();
		sources.addFirst(new MapPropertySource("file", Map.of("outbox.instances.my-orders.store.table-prefix", "my_")));
		sources.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
				Map.of("OUTBOX_INSTANCES_MYORDERS_RELAY_ENABLED", "false")));
		ConfigurationPropertySources.attach(environment);
		assertThat(OutboxInstanceNames.all(environment)).containsExactly("my-orders");
		assertThat(OutboxInstanceNames.properties(environment, "my-orders")).containsOnly(
				entry(ConfigurationPropertyName.of("outbox.store.table-prefix"), "my_"),
				entry(ConfigurationPropertyName.of("outbox.relay.enabled"), "false"));
	}

	@Test
	void namesThatDifferOnlyInWhereTheirHyphensAreAreRefused() {
		this.runner.withPropertyValues("outbox.instances.to-night.source=x", "outbox.instances.ton-ight.source=x")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidOutboxPropertyException.class)
				.hasMessageContaining("outbox.instances must have names that differ in more than their hyphens"));
	}

}
