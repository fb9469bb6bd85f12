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

import java.util.List;
import java.util.Map;

import dev.outbox.fixtures.kafka.ForkedKafka;
import dev.outbox.it.crash.ChaosSchedule.Step;

/**
 * A Kafka with one topic.
 */
final class CrashKafka implements CrashBroker.Running {

	private static final String TOPIC = "crash";

	private final ForkedKafka kafka = ForkedKafka.create();

	CrashKafka() {
		this.kafka.createTopic(TOPIC, 6);
	}

	@Override
	public Map<String, Object> properties() {
		return Map.of("outbox.transport", "kafka", "spring.kafka.bootstrap-servers", this.kafka.bootstrapServers());
	}

	@Override
	public List<String> destinations() {
		return List.of(TOPIC);
	}

	@Override
	public void suffer(Step step) {
		switch (step.fault()) {
			case KILL_BROKER -> {
				this.kafka.kill();
				step.await();
				this.kafka.start();
			}
			case RESTART_BROKER -> {
				this.kafka.stop();
				step.await();
				this.kafka.start();
			}
			default -> throw new IllegalArgumentException(step + " is no fault of Kafka");
		}
	}

	@Override
	public List<Observed> observed() {
		return this.kafka.readAll(TOPIC)
			.stream()
			.map((record) -> Observed.of(record.key(), record.headers(), record.partition(), record.offset()))
			.toList();
	}

	@Override
	public void close() {
		this.kafka.close();
	}

}
