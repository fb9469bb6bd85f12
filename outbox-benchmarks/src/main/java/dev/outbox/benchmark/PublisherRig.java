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

package dev.outbox.benchmark;

import java.time.Clock;
import java.util.List;
import java.util.Map;

import dev.outbox.OutboxPublisher;
import dev.outbox.payload.EventTypes;
import dev.outbox.payload.RawPayloadSerializer;
import dev.outbox.publish.HeaderSettings;
import dev.outbox.publish.IdGenerator;
import dev.outbox.publish.OutboxRecordFactory;
import dev.outbox.publish.OutboxRouting;
import dev.outbox.publish.TransactionalOutboxPublisher;
import dev.outbox.publish.WriteSettings;
import dev.outbox.store.Partitions;
import dev.outbox.store.WakeUp;
import dev.outbox.transport.kafka.KafkaTransport;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The publisher as an application gets it without setting anything, with Spring's
 * transactions around it.
 */
final class PublisherRig implements AutoCloseable {

	private final ApplicationSide side;

	private final TransactionalOutboxPublisher publisher;

	private final OutboxRecordFactory records;

	PublisherRig(ApplicationSide side, WakeUp wakeUp) {
		this(side, KafkaTransport.NAME, wakeUp);
	}

	PublisherRig(ApplicationSide side, String transport, WakeUp wakeUp) {
		this.side = side;
		WriteSettings settings = new WriteSettings(1 << 20, transport, List.of(), Map.of(),
				HeaderSettings.defaults("benchmark"));
		this.records = new OutboxRecordFactory(new EventTypes(), OutboxRouting.none(), new RawPayloadSerializer(null),
				settings, (eventType, destination) -> Map.of(), IdGenerator.uuidV7(), Clock.systemUTC());
		this.publisher = new TransactionalOutboxPublisher(side.events(), side.storeTransactions(), this.records,
				new Partitions(RelaySide.PARTITIONS), wakeUp, List.of(), null);
	}

	TransactionOperations transactions() {
		return this.side.transactions();
	}

	OutboxPublisher publisher() {
		return this.publisher;
	}

	OutboxRecordFactory records() {
		return this.records;
	}

	/**
	 * Write what the application is there for.
	 */
	void placeOrder(long id) {
		this.side.orders().accept(id);
	}

	@Override
	public void close() {
		this.publisher.close();
		this.side.close();
	}

}
