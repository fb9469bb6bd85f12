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

package dev.outbox.sample.embedded;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/**
 * Starts PostgreSQL and Kafka inside an application that was started alone, as by a test
 * or an IDE, and tells Spring Boot where they are. With the profile {@code external},
 * which the launcher sets, the properties {@code spring.datasource.*} and
 * {@code spring.kafka.*} say it instead. With the profile {@code rabbit} the broker is a
 * RabbitMQ, with {@code mysql} the database is a MySQL, and with {@code mongo} a MongoDB;
 * these are not embedded.
 */
@Configuration(proxyBeanMethods = false)
@Profile("!external")
class EmbeddedServersConfiguration {

	private static final Logger logger = LoggerFactory.getLogger(EmbeddedServersConfiguration.class);

	@Bean
	SampleDirectory sampleDirectory(@Value("${sample.embedded.directory:${java.io.tmpdir}/outbox-sample}") Path path)
			throws IOException {
		return SampleDirectory.lock(path.toAbsolutePath());
	}

	@Bean
	@Profile("!mongo & !mysql")
	PostgresNode postgresNode(SampleDirectory directory) throws IOException {
		return new PostgresNode(directory);
	}

	@Bean
	@Profile("!rabbit")
	KafkaNode kafkaNode(SampleDirectory directory) throws Exception {
		return new KafkaNode(directory);
	}

	@Bean
	@Profile("!mongo & !mysql")
	JdbcConnectionDetails embeddedPostgres(PostgresNode postgres) {
		String url = postgres.jdbcUrl();
		logger.info("PostgreSQL runs at {} (user postgres, no password)", url);
		return new JdbcConnectionDetails() {

			@Override
			public String getJdbcUrl() {
				return url;
			}

			@Override
			public String getUsername() {
				return "postgres";
			}

			@Override
			public String getPassword() {
				return "";
			}

		};
	}

	@Bean
	@Profile("!rabbit")
	KafkaConnectionDetails embeddedKafka(KafkaNode kafka) {
		List<String> servers = List.of(kafka.bootstrapServers());
		logger.info("Kafka runs at {}", kafka.bootstrapServers());
		return () -> servers;
	}

}
