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

package dev.outbox.autoconfigure.transport.rabbit;

import java.util.Map;

import dev.outbox.transport.rabbit.RabbitTransport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

class OutboxRabbitAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(OutboxRabbitAutoConfiguration.class))
		.withBean(CachingConnectionFactory.class);

	@Test
	void anExchangeForEventsThatNameNoneIsADefault() {
		this.runner.withPropertyValues("outbox.rabbit.exchange=shop")
			.run((context) -> assertThat(context.getBean(RabbitTransport.class).defaultOptions())
				.isEqualTo(Map.of("exchange", "shop")));
		this.runner.run((context) -> assertThat(context.getBean(RabbitTransport.class).defaultOptions()).isEmpty());
	}

	@ParameterizedTest
	@ValueSource(strings = { "publisher-confirm-type=NONE", "publisher-returns=off", "template.mandatory=no" })
	void confirmsThatAreSwitchedOffAreRefused(String setting) {
		this.runner.withPropertyValues("spring.rabbitmq." + setting)
			.run((context) -> assertThat(context).getFailure().hasStackTraceContaining("spring.rabbitmq."));
	}

	@ParameterizedTest
	@ValueSource(strings = { "publisher-confirm-type=simple", "publisher-returns=true", "template.mandatory=true" })
	void whatDoesNotSwitchThemOffIsTaken(String setting) {
		this.runner.withPropertyValues("spring.rabbitmq." + setting)
			.run((context) -> assertThat(context).hasSingleBean(RabbitTransport.class));
	}

	@Test
	void anApplicationWhoseEventsGoElsewhereMaySetItsTemplateUpAsItLikes() {
		this.runner.withPropertyValues("spring.rabbitmq.template.mandatory=false", "outbox.transport=kafka")
			.run((context) -> assertThat(context).hasSingleBean(RabbitTransport.class));
	}

}
