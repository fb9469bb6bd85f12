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

package dev.outbox.autoconfigure.actuate;

import java.util.List;
import java.util.Map;

import dev.outbox.actuate.OutboxInfoContributor;
import dev.outbox.autoconfigure.relay.OutboxRelayAutoConfiguration;
import dev.outbox.autoconfigure.retry.OutboxRetryAutoConfiguration;
import dev.outbox.autoconfigure.stub.EmptyStore;
import dev.outbox.autoconfigure.stub.StubTransport;
import dev.outbox.autoconfigure.stub.StubWriteStore;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.postgres.PostgresDialect;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class OutboxInfoContributorAutoConfigurationTests {

	private final ApplicationContextRunner withoutStore = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(OutboxInfoContributorAutoConfiguration.class));

	private final ApplicationContextRunner runner = this.withoutStore.withBean(StubWriteStore.class);

	@Test
	void tellsOfWhatTheOutboxConsists() {
		this.runner
			.withConfiguration(
					AutoConfigurations.of(OutboxRetryAutoConfiguration.class, OutboxRelayAutoConfiguration.class))
			.withBean(EmptyStore.class)
			.withBean("stub", StubTransport.class, () -> new StubTransport("stub"))
			.withBean(JdbcDialect.class, PostgresDialect::new)
			.run((context) -> assertThat(details(context)).containsOnlyKeys("version", "store", "transports", "relay")
				.containsEntry("store", Map.of("type", "custom", "database", "postgresql"))
				.containsEntry("transports", List.of("stub"))
				.containsEntry("relay", true));
	}

	@Test
	void anInstanceThatOnlyPublishesHasNoRelay() {
		this.runner.run((context) -> assertThat(details(context)).containsEntry("relay", false)
			.containsEntry("store", Map.of("type", "custom"))
			.containsEntry("transports", List.of()));
	}

	@Test
	void isAbsentWhenToldSo() {
		for (String property : List.of("management.info.outbox.enabled=false", "management.info.defaults.enabled=false",
				"outbox.enabled=false")) {
			this.runner.withPropertyValues(property)
				.run((context) -> assertThat(context).doesNotHaveBean(OutboxInfoContributor.class));
		}
	}

	@Test
	void isAbsentWithoutAStoreOrTheActuator() {
		this.withoutStore.run((context) -> assertThat(context).doesNotHaveBean(OutboxInfoContributor.class));
		this.runner.withClassLoader(new FilteredClassLoader(InfoContributor.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("outboxInfoContributor"));
	}

	@Test
	void backsOffForOneOfTheApplication() {
		InfoContributor own = (builder) -> builder.withDetail("outbox", "mine");
		this.runner.withBean("outboxInfoContributor", InfoContributor.class, () -> own)
			.run((context) -> assertThat(context).getBean(InfoContributor.class).isSameAs(own));
	}

	private static Map<String, Object> details(AssertableApplicationContext context) {
		Info.Builder builder = new Info.Builder();
		context.getBean(OutboxInfoContributor.class).contribute(builder);
		assertThat(builder.build().getDetails()).containsOnlyKeys("outbox");
		return context.getBean(OutboxInfoContributor.class).details();
	}

}
