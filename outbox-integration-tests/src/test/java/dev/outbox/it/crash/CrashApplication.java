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

package dev.outbox.it.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.outbox.OutboxPublisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * An application as a user would write it, with several threads that write, and a
 * transport that fails now and then. Logs {@value #READY} when it is up. The line
 * {@value #STOP} on its input stops the writers, which it answers with {@value #STOPPED}.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(FaultyTransports.class)
class CrashApplication {

	private static final Logger log = LoggerFactory.getLogger(CrashApplication.class);

	static final String READY = "CRASH-APPLICATION-READY";

	/**
	 * Comes before the place of the classes that are run.
	 */
	static final String CLASSES = "CLASSES ";

	static final String STOP = "stop";

	static final String STOPPED = "WRITERS-STOPPED";

	public static void main(String[] args) throws IOException, InterruptedException {
		run(CrashApplication.class, args);
	}

	static void run(Class<?> application, String... args) throws IOException, InterruptedException {
		ConfigurableApplicationContext context = SpringApplication.run(application, args);
		Environment environment = context.getEnvironment();
		CrashWriters writers = new CrashWriters(context.getBean(CrashLedger.class),
				environment.getRequiredProperty("crash.writers", Integer.class),
				environment.getRequiredProperty("crash.pause", Duration.class),
				environment.getRequiredProperty("crash.longest", Duration.class));
		writers.start();
		log.info("{}{}", CLASSES, OutboxPublisher.class.getProtectionDomain().getCodeSource().getLocation());
		log.info(READY);
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String line = input.readLine(); line != null; line = input.readLine()) {
			if (line.equals(STOP)) {
				writers.stop();
				log.info(STOPPED);
			}
		}
	}

	@Bean
	CrashLedger ledger(JdbcClient jdbc, OutboxPublisher outbox, Environment environment) {
		return new JdbcCrashLedger(jdbc, outbox, environment.getRequiredProperty("crash.destinations", String[].class));
	}

}
