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

package dev.outbox.it.trace;

import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.it.boot.TestApplication;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Traces through Kafka.
 */
class KafkaTraceTests extends TraceContract {

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private final String topic = KAFKA.uniqueTopic(1);

	@Override
	TestApplication application(TestApplication application) {
		return application.on(KAFKA)
			.with("shop.topic=" + this.topic, "spring.kafka.consumer.auto-offset-reset=earliest");
	}

	@Override
	String destination() {
		return this.topic;
	}

	@Override
	String broker() {
		return "kafka";
	}

	@Override
	String observedListener() {
		return "spring.kafka.listener.observation-enabled";
	}

}
