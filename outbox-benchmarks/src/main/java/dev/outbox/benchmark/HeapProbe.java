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

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

import com.sun.management.GarbageCollectionNotificationInfo;
import dev.outbox.relay.Ordering;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.store.jdbc.postgres.PostgresDialect;
import tools.jackson.databind.json.JsonMapper;

/**
 * A JVM that drains a backlog and reports what was left on its heap after collections.
 */
public final class HeapProbe {

	private static final int STAGES = 5;

	private final AtomicLong delivered = new AtomicLong();

	private final AtomicLongArray afterCollection = new AtomicLongArray(STAGES);

	private final AtomicLong before = new AtomicLong();

	private final long events;

	private HeapProbe(long events) {
		this.events = events;
	}

	/**
	 * Drain a backlog.
	 * @param arguments URL and user of the database, the broker, the number of events
	 * @throws Exception if it fails
	 */
	public static void main(String[] arguments) throws Exception {
		new HeapProbe(Long.parseLong(arguments[3]))
			.run(RelaySide.of(new PostgresDialect(), new JdbcAddress(arguments[0], arguments[1]), false), arguments[2]);
	}

	private void run(RelaySide side, String bootstrapServers) throws Exception {
		ManagementFactory.getGarbageCollectorMXBeans()
			.forEach((bean) -> ((NotificationEmitter) bean).addNotificationListener((notification, handback) -> {
				if (notification.getType().equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION)) {
					collected(GarbageCollectionNotificationInfo.from((CompositeData) notification.getUserData()));
				}
			}, null, null));
		long start = System.nanoTime();
		try (RelayRig relay = new RelayRig(side, Servers.kafkaTransport(bootstrapServers), Ordering.STRICT,
				this::counting)) {
			relay.drain(this.events);
		}
		double seconds = (System.nanoTime() - start) / 1e9;
		Map<String, Object> result = new LinkedHashMap<>();
		for (int stage = 0; stage < STAGES; stage++) {
			result.put("afterCollectionMbStage" + (stage + 1), mb(this.afterCollection.get(stage)));
		}
		result.put("highestUsedMb", mb(this.before.get()));
		result.put("eventsPerSecond", Math.round(this.events / seconds));
		System.out.println(JsonMapper.builder().build().writeValueAsString(result));
	}

	private void collected(GarbageCollectionNotificationInfo info) {
		int stage = (int) Math.min(STAGES - 1, this.delivered.get() * STAGES / this.events);
		long after = sum(info.getGcInfo().getMemoryUsageAfterGc());
		this.afterCollection.accumulateAndGet(stage, after, Math::max);
		this.before.accumulateAndGet(sum(info.getGcInfo().getMemoryUsageBeforeGc()), Math::max);
	}

	private static long sum(Map<String, MemoryUsage> pools) {
		return pools.entrySet()
			.stream()
			.filter((pool) -> pool.getKey().startsWith("G1"))
			.mapToLong((pool) -> pool.getValue().getUsed())
			.sum();
	}

	private static double mb(long bytes) {
		return Sample.round(bytes / 1e6);
	}

	private OutboxTransport counting(OutboxTransport transport) {
		return new OutboxTransport() {

			@Override
			public String name() {
				return transport.name();
			}

			@Override
			public void send(List<? extends Delivery> batch) {
				HeapProbe.this.delivered.addAndGet(batch.size());
				transport.send(batch);
			}

			@Override
			public void close() {
				transport.close();
			}

		};
	}

}
