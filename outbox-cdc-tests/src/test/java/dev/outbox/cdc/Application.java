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

import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.fixtures.kafka.KafkaServer;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * An application that publishes, and delivers if it is to.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Application {

	static ConfigurableApplicationContext run(TestDatabase<?> database, KafkaServer kafka, boolean relay) {
		return new SpringApplicationBuilder(Application.class)
			.properties("spring.main.banner-mode=off", "spring.application.name=shop",
					"spring.datasource.url=" + database.jdbcUrl(), "spring.datasource.username=" + database.user(),
					"spring.datasource.password=" + database.password(),
					"spring.kafka.bootstrap-servers=" + kafka.bootstrapServers(), "outbox.relay.enabled=" + relay,
					"outbox.doctor.startup-report=false")
			.run();
	}

}
