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

package dev.outbox.cdc;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;

import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Threads that publish all the time. A key counts its events under a lock on its row, so
 * that the number in the payload is their order.
 */
final class Writers implements AutoCloseable {

	private static final int THREADS = 3;

	private static final int KEYS = 25;

	private final JdbcClient jdbc;

	private final OutboxPublisher outbox;

	private final TransactionTemplate transaction;

	private final String topic;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<Future<?>> running = new ArrayList<>();

	private volatile boolean stopped;

	Writers(ApplicationContext application, String topic) {
		this.jdbc = application.getBean(JdbcClient.class);
		this.outbox = application.getBean(OutboxPublisher.class);
		this.transaction = new TransactionTemplate(application.getBean(PlatformTransactionManager.class));
		this.topic = topic;
		this.jdbc.sql("CREATE TABLE counter (key text PRIMARY KEY, events integer NOT NULL)").update();
		this.jdbc.sql("INSERT INTO counter SELECT 'k-' || n, 0 FROM generate_series(1, ?) n").param(KEYS).update();
		this.jdbc.sql("INSERT INTO counter SELECT 'slow-' || n, 0 FROM generate_series(1, 2) n").update();
	}

	void start() {
		for (int i = 0; i < THREADS; i++) {
			this.running.add(this.threads.submit(this::write));
		}
	}

	private void write() {
		ThreadLocalRandom random = ThreadLocalRandom.current();
		while (!this.stopped) {
			int first = random.nextInt(1, KEYS + 1);
			this.transaction.executeWithoutResult((status) -> {
				publish("k-" + first);
				if (random.nextInt(3) == 0) {
					publish("k-" + first);
				}
				if (random.nextInt(20) == 0) {
					status.setRollbackOnly();
				}
			});
		}
	}

	/**
	 * Publishes in a transaction that stays open meanwhile.
	 */
	void whileOneIsOpen(String key, Runnable action) {
		this.transaction.executeWithoutResult((status) -> {
			publish(key);
			// What runs in between takes part in no transaction.
			await(CompletableFuture.runAsync(action, this.threads));
			publish(key);
		});
	}

	private void publish(String key) {
		int number = this.jdbc.sql("UPDATE counter SET events = events + 1 WHERE key = ? RETURNING events")
			.param(key)
			.query(Integer.class)
			.single();
		this.outbox.publish(OutboxMessage.builder()
			.transport("kafka")
			.destination(this.topic)
			.eventType("counted")
			.key(key)
			.payload(String.valueOf(number).getBytes(StandardCharsets.UTF_8))
			.build());
	}

	private static void await(Future<?> future) {
		try {
			future.get(2, TimeUnit.MINUTES);
		}
		catch (InterruptedException | ExecutionException | TimeoutException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.stopped = true;
		this.threads.shutdown();
		this.running.forEach(Writers::await);
	}

}
