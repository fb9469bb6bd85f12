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

package dev.outbox.diagnostics;

import org.springframework.util.ClassUtils;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that there is no broker.
 */
final class NoTransportFailureAnalyzer extends AbstractFailureAnalyzer<NoTransportException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, NoTransportException cause) {
		boolean client = ClassUtils.isPresent("org.springframework.kafka.core.ProducerFactory",
				getClass().getClassLoader());
		boolean starter = ClassUtils.isPresent("org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration",
				getClass().getClassLoader());
		String found = starter
				? "Spring Boot's support for Kafka is on the class path, but there is not exactly one bean "
						+ "of type ProducerFactory, or one marked as primary."
				: client ? "Spring for Apache Kafka is on the class path, but nothing configures it."
						: "No broker that the outbox knows is on the class path.";
		return new FailureAnalysis("The outbox has no transport to send events with. " + found, """
				Do one of these:
				  - to send to Kafka, add org.springframework.boot:spring-boot-starter-kafka
				  - define a bean of type dev.outbox.transport.OutboxTransport
				  - on an instance that only publishes, set outbox.relay.enabled=false and outbox.transport
				  - to do without the outbox, set outbox.enabled=false""", cause);
	}

}
