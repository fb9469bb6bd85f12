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

import dev.outbox.autoconfigure.store.jdbc.OutboxJdbcStoreAutoConfiguration;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;

/**
 * A process that starts an application on the database of its arguments, and ends.
 */
final class StartAndStop {

	private StartAndStop() {
	}

	public static void main(String[] args) {
		new SpringApplicationBuilder(Tables.class).web(WebApplicationType.NONE)
			.run("--spring.datasource.url=" + args[0], "--spring.datasource.username=" + args[1],
					"--spring.datasource.password=" + args[2], "--spring.datasource.hikari.maximum-pool-size=2")
			.close();
	}

	/**
	 * As much of an application as creates the tables.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
			OutboxJdbcStoreAutoConfiguration.class })
	static class Tables {

	}

}
