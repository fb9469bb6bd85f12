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

package dev.outbox.it.rabbit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import com.rabbitmq.client.BuiltinExchangeType;
import dev.outbox.fixtures.rabbit.EnabledIfRabbit;
import dev.outbox.fixtures.rabbit.RabbitRecord;
import dev.outbox.fixtures.rabbit.RabbitVirtualHost;
import dev.outbox.it.transport.ServerTransportContract;
import dev.outbox.transport.OutboxTransport;
import org.junit.jupiter.api.extension.RegisterExtension;

@EnabledIfRabbit
class RabbitTransportContractTests extends ServerTransportContract {

	@RegisterExtension
	static final RabbitVirtualHost RABBIT = RabbitVirtualHost.fresh();

	private static final AtomicInteger NUMBER = new AtomicInteger();

	@RegisterExtension
	final RabbitTransports transports = new RabbitTransports();

	private final List<byte[]> drained = new ArrayList<>();

	@Override
	protected OutboxTransport transport(int port, Duration publishTimeout) {
		return this.transports.to(RABBIT, port, publishTimeout);
	}

	@Override
	protected int port() {
		return RABBIT.port();
	}

	@Override
	protected String destination() {
		return RABBIT.onChannel((channel) -> {
			String name = "contract-" + NUMBER.incrementAndGet();
			channel.exchangeDeclare(name, BuiltinExchangeType.FANOUT, true);
			channel.queueDeclare(name, true, false, false, Map.of());
			channel.queueBind(name, name, "");
			return name;
		});
	}

	@Override
	protected List<byte[]> payloads(String destination) {
		RABBIT.drain(destination).stream().map(RabbitRecord::body).forEach(this.drained::add);
		return this.drained;
	}

}
