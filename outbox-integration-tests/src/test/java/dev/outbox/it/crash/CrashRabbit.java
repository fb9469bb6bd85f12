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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

import dev.outbox.fixtures.rabbit.RabbitReader;
import dev.outbox.fixtures.rabbit.RabbitRecord;
import dev.outbox.fixtures.rabbit.RabbitServer;
import dev.outbox.fixtures.rabbit.RabbitSettings;
import dev.outbox.fixtures.rabbit.RabbitVirtualHost;
import dev.outbox.it.crash.ChaosSchedule.Step;

/**
 * A RabbitMQ with an exchange for each type of durable queue, and a queue bound to each.
 * What arrives stays in the queues until it is read in the end: messages that a consumer
 * gets again would not be told apart from those that were sent again.
 */
final class CrashRabbit implements CrashBroker.Running {

	/**
	 * The types of the queues, whose exchanges have the same names.
	 */
	private static final List<String> TYPES = List.of("classic", "quorum");

	private static final Duration BEFORE_DEATH = Duration.ofMillis(500);

	private static final Duration LONGEST_READ = Duration.ofMinutes(5);

	private final RabbitServer server = RabbitServer.start(RabbitSettings.plain());

	private final RabbitVirtualHost host = this.server.defaultVirtualHost();

	CrashRabbit() {
		this.host.onChannel((channel) -> {
			for (String type : TYPES) {
				channel.exchangeDeclare(type, "topic", true);
				channel.queueDeclare(queue(type), true, false, false, Map.of("x-queue-type", type));
				channel.queueBind(queue(type), type, "crash.*");
			}
			return null;
		});
	}

	private static String queue(String type) {
		return type + "-queue";
	}

	@Override
	public Map<String, Object> properties() {
		return Map.of("outbox.transport", "rabbit", "spring.rabbitmq.host", this.host.host(), "spring.rabbitmq.port",
				this.host.port(), "spring.rabbitmq.username", this.host.user(), "spring.rabbitmq.password",
				this.host.password());
	}

	@Override
	public List<String> destinations() {
		return TYPES;
	}

	@Override
	public void suffer(Step step) {
		switch (step.fault()) {
			case KILL_BROKER -> {
				// It dies with messages that it has not read: none of them may count as
				// sent.
				this.server.pause();
				LockSupport.parkNanos(BEFORE_DEATH.toNanos());
				this.server.kill();
				step.await();
				this.server.start();
			}
			case RESTART_BROKER -> {
				this.server.stopApp();
				step.await();
				this.server.startApp();
			}
			case FREEZE_BROKER -> {
				this.server.pause();
				step.await();
				this.server.resume();
			}
			case CLOSE_CONNECTIONS -> this.host.closeConnections();
			case RAISE_ALARM -> {
				this.server.raiseMemoryAlarm();
				step.await();
				this.server.clearMemoryAlarm();
			}
			default -> throw new IllegalArgumentException(step + " is no fault of RabbitMQ");
		}
	}

	@Override
	public List<Observed> observed() {
		List<Observed> observed = new ArrayList<>();
		for (int place = 0; place < TYPES.size(); place++) {
			String queue = queue(TYPES.get(place));
			int count = Math.toIntExact(this.host.countMessages(queue));
			try (RabbitReader reader = this.host.read(queue)) {
				int offset = 0;
				for (RabbitRecord record : reader.await(count, LONGEST_READ)) {
					String key = String.valueOf(record.headers().get(Observed.KEY_ON_RABBIT));
					observed.add(Observed.of(key, record.headers(), place, offset++));
				}
			}
		}
		return observed;
	}

	@Override
	public void close() {
		this.server.close();
	}

}
