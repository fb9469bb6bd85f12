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

package dev.outbox.it.publish;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.outbox.OutboxRecord;
import dev.outbox.it.store.Ability;
import dev.outbox.listener.OutboxListener;
import dev.outbox.listener.TraceContext;
import dev.outbox.payload.EventTypes;
import dev.outbox.payload.JacksonPayloadSerializer;
import dev.outbox.payload.RawPayloadSerializer;
import dev.outbox.publish.HeaderSettings;
import dev.outbox.publish.IdGenerator;
import dev.outbox.publish.OutboxRecordFactory;
import dev.outbox.publish.OutboxRouting;
import dev.outbox.publish.OutboxTemplate;
import dev.outbox.publish.TransactionalOutboxPublisher;
import dev.outbox.publish.WriteSettings;
import dev.outbox.store.EventStore;
import dev.outbox.store.Partitions;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoreTransactions;
import dev.outbox.store.StoredEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The write side as an application has it: a transaction manager and a publisher, and
 * what has become of orders and events.
 */
abstract class WriteSide implements AutoCloseable {

	final OutboxRecordFactory records;

	final List<OutboxRecord> told = Collections.synchronizedList(new ArrayList<>());

	WriteSide(TraceContext trace) {
		WriteSettings settings = new WriteSettings(1_000_000, "kafka", List.of(), Map.of(),
				HeaderSettings.defaults("shop"));
		this.records = new OutboxRecordFactory(new EventTypes(), OutboxRouting.none(),
				new RawPayloadSerializer(new JacksonPayloadSerializer(JsonMapper.builder().build())), settings, trace,
				IdGenerator.uuidV7(), Clock.systemUTC());
	}

	TransactionalOutboxPublisher publisher(StoreTransactions transactions,
			@Nullable AbstractPlatformTransactionManager own) {
		return publisher(store(), transactions, own);
	}

	abstract EventStore store();

	abstract RelayStore relay();

	abstract Set<Ability> abilities();

	TransactionalOutboxPublisher publisher(EventStore store, StoreTransactions transactions,
			@Nullable AbstractPlatformTransactionManager own) {
		return new TransactionalOutboxPublisher(store, transactions, this.records, new Partitions(64), (events) -> {
		}, List.of(new OutboxListener() {

			@Override
			public void onStored(List<OutboxRecord> events) {
				WriteSide.this.told.addAll(events);
			}

		}), (own != null) ? new TransactionTemplate(own) : null);
	}

	OutboxTemplate template(TransactionalOutboxPublisher publisher, TransactionTemplate transaction) {
		return new OutboxTemplate(publisher, this.records, transaction);
	}

	/**
	 * The rows as the relay reads them.
	 */
	List<OutboxRecord> stored() {
		Set<Integer> parts = IntStream.range(0, 64).boxed().collect(Collectors.toSet());
		RelayStore relay = relay();
		return relay
			.read(new ReadRequest(new ReadScope("kafka", parts, Set.of(), null), relay.start(), Long.MAX_VALUE, 10_000,
					10_000_000))
			.events()
			.stream()
			.map(StoredEvent::event)
			.toList();
	}

	List<String> keys() {
		return stored().stream().map((event) -> String.valueOf(event.key())).toList();
	}

	/**
	 * The ids of the orders, ascending.
	 */
	abstract List<String> orders();

	/**
	 * How many events each statement has written that has written any.
	 */
	abstract List<Long> statements();

	/**
	 * The keys of the events that are not due, those that are due first at the top.
	 */
	abstract List<String> scheduled();

	/**
	 * The keys of the events that are due then, as the database compares times.
	 */
	abstract List<String> scheduledFor(Instant time);

	abstract int connectionsInUse();

	/**
	 * Whether a transaction waits for another one.
	 */
	abstract boolean aTransactionWaits();

	void clear() {
		this.told.clear();
	}

	@Override
	public abstract void close();

}
