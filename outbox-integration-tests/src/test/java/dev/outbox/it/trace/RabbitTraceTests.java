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

import dev.outbox.fixtures.rabbit.EnabledIfRabbit;
import dev.outbox.fixtures.rabbit.RabbitVirtualHost;
import dev.outbox.it.boot.TestApplication;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Traces through RabbitMQ.
 */
@EnabledIfRabbit
class RabbitTraceTests extends TraceContract {

	private static final String QUEUE = "orders";

	@RegisterExtension
	static final RabbitVirtualHost RABBIT = RabbitVirtualHost.fresh();

	@Override
	TestApplication application(TestApplication application) {
		return application.on(RABBIT)
			.with("shop.queue=" + QUEUE, "outbox.transport=rabbit", "outbox.rabbit.exchange=amq.direct");
	}

	@Override
	String destination() {
		return QUEUE;
	}

	@Override
	String broker() {
		return "rabbitmq";
	}

	@Override
	String observedListener() {
		return "spring.rabbitmq.listener.simple.observation-enabled";
	}

}
