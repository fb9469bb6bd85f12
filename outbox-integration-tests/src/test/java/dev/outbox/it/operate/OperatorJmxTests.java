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

package dev.outbox.it.operate;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.MBeanParameterInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import dev.outbox.OutboxMessage;
import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.publish.OutboxTemplate;
import dev.outbox.store.AuditEntry;
import dev.outbox.store.AuditStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The endpoints over JMX, where nobody logs in.
 */
class OperatorJmxTests {

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private final H2Database database = H2Database.fresh();

	private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

	private final String topic = KAFKA.uniqueTopic(1);

	private ConfigurableApplicationContext application;

	@BeforeEach
	void start() {
		this.application = TestApplication.of(Plain.class, this.database)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "spring.jmx.enabled=true",
					"spring.rabbitmq.dynamic=false", "management.endpoints.jmx.exposure.include=*",
					"management.endpoint.outbox.access=unrestricted",
					"management.endpoint.outboxdeadletters.access=unrestricted",
					"spring.kafka.producer.properties.max.request.size=10000")
			.run();
	}

	@AfterEach
	void stop() {
		this.application.close();
		this.database.close();
	}

	@Test
	void anOperatorSeesAndDiscardsADeadLetterAndIsNotTakenAtHisWord() throws Exception {
		this.application.getBean(OutboxTemplate.class)
			.publishTransactional(OutboxMessage.builder()
				.eventType("order.placed")
				.key("a")
				.destination(this.topic)
				.payload("x".repeat(20_000))
				.build());
		Map<?, ?> page = await().atMost(Duration.ofSeconds(60))
			.until(() -> (Map<?, ?>) call("Outboxdeadletters", "list", Map.of()),
					(found) -> !((List<?>) found.get("letters")).isEmpty());
		Map<?, ?> letter = (Map<?, ?>) ((List<?>) page.get("letters")).get(0);
		assertThat(letter.get("key")).isEqualTo("a");
		String number = String.valueOf(letter.get("number"));
		Map<?, ?> change = (Map<?, ?>) call("Outboxdeadletters", "discard", Map.of("id", number, "operator", "otto"));
		assertThat(change.get("changed")).isEqualTo(true);
		assertThat(this.application.getBean(AuditStore.class).list(Long.MAX_VALUE, 10)).singleElement()
			.extracting(AuditEntry::operator)
			.isEqualTo("unverified:otto");
		Map<?, ?> state = (Map<?, ?>) call("Outbox", "show", Map.of());
		assertThat(state.get("state")).isIn("relaying", "waiting for a lease");
		Map<?, ?> diagnosis = (Map<?, ?>) call("Outboxdoctor", "examine", Map.of());
		assertThat((List<?>) diagnosis.get("healthy")).isNotEmpty();
	}

	/**
	 * Calls the operation of a name; parameters that are not given are {@code null}.
	 */
	private Object call(String endpoint, String name, Map<String, ?> given) throws Exception {
		ObjectName bean = this.server
			.queryNames(new ObjectName("org.springframework.boot:type=Endpoint,name=" + endpoint + ",*"), null)
			.iterator()
			.next();
		MBeanInfo info = this.server.getMBeanInfo(bean);
		for (MBeanOperationInfo operation : info.getOperations()) {
			if (operation.getName().equals(name)) {
				MBeanParameterInfo[] parameters = operation.getSignature();
				Object[] arguments = new Object[parameters.length];
				String[] signature = new String[parameters.length];
				for (int i = 0; i < parameters.length; i++) {
					arguments[i] = given.get(parameters[i].getName());
					signature[i] = parameters[i].getType();
				}
				return this.server.invoke(bean, name, arguments, signature);
			}
		}
		throw new IllegalStateException("No operation " + name + " in " + info);
	}

	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Plain {

	}

}
