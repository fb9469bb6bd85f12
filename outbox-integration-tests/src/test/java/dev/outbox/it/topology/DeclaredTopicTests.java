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
import java.util.Map;

import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.it.topology.shop.ShopApplication;
import dev.outbox.it.topology.shop.TicketSold;
import dev.outbox.transport.kafka.KafkaTopic;
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
 * Whole applications whose event classes declare their topics.
 */
@ExtendWith(OutputCaptureExtension.class)
class DeclaredTopicTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String FOREIGN = "declared-foreign";

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private final H2Database database = H2Database.fresh();

	private final Topics topics = new Topics(KAFKA);

	@AfterEach
	void cleanUp() throws Exception {
		this.database.close();
		KAFKA.start();
		this.topics.delete(TicketSold.TOPIC, FOREIGN);
	}

	@Test
	void anAnnotationOnARecordIsAllThatItTakes() throws Exception {
		try (ConfigurableApplicationContext context = shop("create").run()) {
			this.topics.awaitPartitions(TicketSold.TOPIC, 3);
			assertThat(this.topics.config(TicketSold.TOPIC, "retention.ms")).isEqualTo("86400000");
			context.getBean(ShopApplication.Tickets.class).publish(new TicketSold("t-1", 5));
			awaitTicket();
		}
	}

	@Test
	void aDifferenceFailsTheStartAndSaysWhatToDo(CapturedOutput output) {
		KAFKA.createTopic(TicketSold.TOPIC, 1, Map.of("retention.ms", "604800000"));
		assertThatThrownBy(shop("validate")::run).isNotNull();
		assertThat(output.getOut()).contains("""
				Description:

				What event classes declare differs from what the broker has:
				  - Kafka topic 'declared-tickets': partitions is 1, but 3 is declared
				  - Kafka topic 'declared-tickets': retention.ms is 604800000, but 86400000 is declared

				Action:

				Do one of these:
				  - to have created what is missing, set outbox.topology.mode=create
				  - change what is there by the broker's own tools; the outbox changes nothing that exists, and more \
				partitions move keys
				  - change the annotation, or leave out of it what the broker may decide
				  - to leave the broker alone, set outbox.topology.mode=none
				""");
	}

	@Test
	void aMissingTopicFailsTheStartByDefault(CapturedOutput output) throws Exception {
		assertThatThrownBy(shop("").with("outbox.topology.packages=" + ShopApplication.class.getPackageName())::run)
			.isNotNull();
		assertThat(output.getOut()).contains("Kafka topic 'declared-tickets' is missing");
		assertThat(this.topics.exists(TicketSold.TOPIC)).isFalse();
	}

	@Test
	void theBrokerIsLeftAloneIfSo() throws Exception {
		try (ConfigurableApplicationContext context = shop("none").run()) {
			context.getBean(ShopApplication.Tickets.class).publish(new Foreign("f-1"));
			assertThat(context.isActive()).isTrue();
			assertThat(this.topics.exists(TicketSold.TOPIC)).isFalse();
		}
		assertThat(this.topics.exists(FOREIGN)).isFalse();
	}

	@Test
	void aBrokerThatIsDownStopsNobodyAndIsAskedAgain(CapturedOutput output) throws Exception {
		String servers = KAFKA.bootstrapServers();
		KAFKA.stop();
		try (ConfigurableApplicationContext context = shop("create").with("spring.kafka.bootstrap-servers=" + servers)
			.run()) {
			assertThat(output).contains("Could not create on kafka what [" + TicketSold.class);
			context.getBean(ShopApplication.Tickets.class).publish(new TicketSold("t-1", 5));
			KAFKA.start();
			awaitTicket();
			this.topics.awaitPartitions(TicketSold.TOPIC, 3);
		}
	}

	@Test
	void aDifferenceThatIsFoundLaterIsLogged(CapturedOutput output) {
		KAFKA.createTopic(TicketSold.TOPIC, 1);
		String servers = KAFKA.bootstrapServers();
		KAFKA.stop();
		try (ConfigurableApplicationContext context = shop("validate").with("spring.kafka.bootstrap-servers=" + servers)
			.run()) {
			KAFKA.start();
			await().atMost(PATIENCE)
				.until(() -> output.getOut().contains("partitions is 1, but 3 is declared. Events go there as it is"));
			assertThat(context.isActive()).isTrue();
		}
	}

	/**
	 * As one of a library, which is not in the packages of the application.
	 */
	@Test
	void aClassThatWasNotFoundIsDeclaredWithItsFirstEvent() throws Exception {
		try (ConfigurableApplicationContext context = shop("create").run()) {
			assertThat(this.topics.exists(FOREIGN)).isFalse();
			context.getBean(ShopApplication.Tickets.class).publish(new Foreign("f-1"));
			await().atMost(PATIENCE).until(() -> this.topics.partitions(FOREIGN) == 2);
			await().atMost(PATIENCE).until(() -> KAFKA.readAll(FOREIGN).size() == 1);
		}
	}

	private TestApplication shop(String mode) {
		TestApplication application = TestApplication.of(ShopApplication.class, this.database)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY);
		return mode.isEmpty() ? application : application.with("outbox.topology.mode=" + mode);
	}

	private static void awaitTicket() {
		await().atMost(PATIENCE).untilAsserted(() -> {
			assertThat(KAFKA.readAll(TicketSold.TOPIC)).extracting(KafkaRecord::key).containsExactly("t-1");
			assertThat(KAFKA.readAll(TicketSold.TOPIC)).extracting(KafkaRecord::text)
				.containsExactly("{\"ticketId\":\"t-1\",\"price\":5}");
		});
	}

	@KafkaTopic(name = FOREIGN, key = "id", partitions = 2)
	record Foreign(String id) {

	}

}
