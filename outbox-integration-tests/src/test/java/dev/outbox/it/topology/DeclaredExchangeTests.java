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

package dev.outbox.it.topology;

import java.time.Duration;

import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.fixtures.rabbit.EnabledIfRabbit;
import dev.outbox.fixtures.rabbit.RabbitRecord;
import dev.outbox.fixtures.rabbit.RabbitVirtualHost;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.it.topology.invoices.InvoiceSent;
import dev.outbox.it.topology.shop.ShopApplication;
import dev.outbox.it.topology.shop.TicketSold;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Whole applications whose event classes declare exchanges and queues.
 */
@EnabledIfRabbit
@ExtendWith(OutputCaptureExtension.class)
class DeclaredExchangeTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	@RegisterExtension
	static final RabbitVirtualHost RABBIT = RabbitVirtualHost.fresh();

	private final H2Database database = H2Database.fresh();

	@AfterEach
	void cleanUp() throws Exception {
		this.database.close();
		RABBIT.close();
		new Topics(KAFKA).delete(TicketSold.TOPIC);
	}

	/**
	 * With both brokers: each event goes to the one that its class declares.
	 */
	@Test
	void anAnnotationOnARecordIsAllThatItTakes() {
		try (ConfigurableApplicationContext context = shop("create").run()) {
			ShopApplication.Tickets events = context.getBean(ShopApplication.Tickets.class);
			events.publish(new InvoiceSent("i-1"));
			events.publish(new TicketSold("t-1", 5));
			RabbitRecord record = RABBIT.await("ledger", 1, PATIENCE).get(0);
			assertThat(record.text()).isEqualTo("{\"invoiceId\":\"i-1\"}");
			assertThat(record.exchange()).isEqualTo("invoices");
			assertThat(record.routingKey()).isEqualTo("invoice.sent");
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(KAFKA.readAll(TicketSold.TOPIC)).extracting(KafkaRecord::key)
					.containsExactly("t-1"));
		}
	}

	@Test
	void differencesOfAllBrokersAreListed(CapturedOutput output) {
		RABBIT.onChannel((channel) -> channel.exchangeDeclare("invoices", "fanout", true));
		assertThatThrownBy(shop("validate")::run).isNotNull();
		assertThat(output.getOut()).contains("Kafka topic 'declared-tickets' is missing",
				"RabbitMQ exchange 'invoices': type is fanout, but topic is declared",
				"RabbitMQ queue 'ledger' is missing");
		assertThat(RABBIT.queues()).isEmpty();
	}

	private TestApplication shop(String mode) {
		return TestApplication.of(ShopApplication.class, this.database)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "outbox.topology.mode=" + mode,
					"outbox.topology.packages=" + ShopApplication.class.getPackageName() + ","
							+ InvoiceSent.class.getPackageName(),
					"spring.rabbitmq.host=" + RABBIT.host(), "spring.rabbitmq.port=" + RABBIT.port(),
					"spring.rabbitmq.username=" + RABBIT.user(), "spring.rabbitmq.password=" + RABBIT.password(),
					"spring.rabbitmq.virtual-host=" + RABBIT.name());
	}

}
