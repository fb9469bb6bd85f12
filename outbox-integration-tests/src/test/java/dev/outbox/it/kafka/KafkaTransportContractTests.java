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

package dev.outbox.it.kafka;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.it.transport.ServerTransportContract;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.kafka.KafkaTransport;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.kafka.core.DefaultKafkaProducerFactory;

class KafkaTransportContractTests extends ServerTransportContract {

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private static final long WINDOW = 64 << 20;

	@Override
	protected OutboxTransport transport(int port, Duration publishTimeout) {
		return new KafkaTransport(new DefaultKafkaProducerFactory<>(Map.of("bootstrap.servers", "127.0.0.1:" + port)),
				publishTimeout, WINDOW, Clock.systemUTC());
	}

	@Override
	protected int port() {
		String servers = KAFKA.bootstrapServers();
		return Integer.parseInt(servers.substring(servers.lastIndexOf(':') + 1));
	}

	@Override
	protected String destination() {
		return KAFKA.uniqueTopic(1);
	}

	@Override
	protected List<byte[]> payloads(String destination) {
		return KAFKA.readAll(destination).stream().map(KafkaRecord::value).toList();
	}

}
