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

package dev.outbox.it.boot;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.fixtures.rabbit.RabbitVirtualHost;

import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts whole applications on real servers.
 */
public final class TestApplication {

	public static final String WITHOUT_JPA = "spring.autoconfigure.exclude="
			+ "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration,"
			+ "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration";

	/**
	 * Spring Boot would make one of H2, which is on the class path.
	 */
	public static final String WITHOUT_DATA_SOURCE = "spring.autoconfigure.exclude="
			+ "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration";

	public static final String WITHOUT_FLYWAY = "spring.flyway.enabled=false";

	private final Class<?> configuration;

	private final Map<String, String> properties = new LinkedHashMap<>();

	private WebApplicationType web = WebApplicationType.NONE;

	private TestApplication(Class<?> configuration) {
		this.configuration = configuration;
		with("spring.main.banner-mode=off", "spring.application.name=shop");
	}

	/**
	 * Returns an application without a database.
	 */
	public static TestApplication of(Class<?> configuration) {
		return new TestApplication(configuration);
	}

	public static TestApplication of(Class<?> configuration, TestDatabase<?> database) {
		return of(configuration).with("spring.datasource.url=" + database.jdbcUrl(),
				"spring.datasource.username=" + database.user(), "spring.datasource.password=" + database.password(),
				"spring.datasource.hikari.maximum-pool-size=4", "spring.jpa.open-in-view=false");
	}

	/**
	 * Lets the application serve HTTP on a free port.
	 */
	public TestApplication serving() {
		this.web = WebApplicationType.SERVLET;
		return with("spring.main.web-application-type=servlet", "server.port=0", "server.address=127.0.0.1");
	}

	public TestApplication on(KafkaBroker kafka) {
		return with("spring.kafka.bootstrap-servers=" + kafka.bootstrapServers());
	}

	public TestApplication on(RabbitVirtualHost rabbit) {
		return with("spring.rabbitmq.host=" + rabbit.host(), "spring.rabbitmq.port=" + rabbit.port(),
				"spring.rabbitmq.username=" + rabbit.user(), "spring.rabbitmq.password=" + rabbit.password(),
				"spring.rabbitmq.virtual-host=" + rabbit.name());
	}

	public TestApplication with(String... more) {
		for (String property : more) {
			int end = property.indexOf('=');
			this.properties.put(property.substring(0, end), property.substring(end + 1));
		}
		return this;
	}

	public ConfigurableApplicationContext run() {
		return new SpringApplicationBuilder(this.configuration).web(this.web)
			.bannerMode(Banner.Mode.OFF)
			.registerShutdownHook(false)
			.run(this.properties.entrySet()
				.stream()
				.map((property) -> "--" + property.getKey() + '=' + property.getValue())
				.toArray(String[]::new));
	}

}
