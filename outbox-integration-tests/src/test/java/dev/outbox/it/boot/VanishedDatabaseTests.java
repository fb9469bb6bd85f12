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

import java.time.Duration;

import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.net.FaultProxy;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A server that is gone without having closed its connections, as after a fail-over or
 * behind a firewall that has lost its state: nothing but a time limit ends the wait for
 * its answers.
 */
class VanishedDatabaseTests {

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	@RegisterExtension
	static final PostgresDatabase DATABASE = PostgresDatabase.fresh();

	@Test
	void theRelayGivesUpItsConnectionsAndGoesOnWithAnotherServer() {
		DATABASE.sql("CREATE TABLE orders (id text PRIMARY KEY, quantity integer NOT NULL)");
		String topic = KAFKA.uniqueTopic(3);
		String server = DATABASE.jdbcUrl().replaceFirst("^jdbc:postgresql://([^/]+)/.*$", "$1");
		try (FaultProxy proxy = FaultProxy.to(Integer.parseInt(server.substring(server.indexOf(':') + 1)))) {
			String url = DATABASE.jdbcUrl().replace(server, "127.0.0.1:" + proxy.port() + ',' + server);
			try (ConfigurableApplicationContext context = TestApplication.of(JdbcApplication.class, DATABASE)
				.on(KAFKA)
				.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY,
						"outbox.routes.[order.placed].destination=" + topic, "outbox.relay.lease=4s",
						"outbox.relay.datasource.url=" + url + (url.contains("?") ? "&" : "?") + "socketTimeout=2")
				.run()) {
				Orders orders = context.getBean(Orders.class);
				orders.place("o-1", 1);
				await().atMost(Duration.ofSeconds(60)).until(() -> KAFKA.readAll(topic).size() == 1);
				assertThat(proxy.connections()).isPositive();
				proxy.blackhole();
				orders.place("o-2", 2);
				await().atMost(Duration.ofSeconds(60)).until(() -> KAFKA.readAll(topic).size() >= 2);
				await().atMost(Duration.ofSeconds(60))
					.until(() -> DATABASE.number("SELECT count(*) FROM outbox_event") == 0);
			}
		}
	}

}
