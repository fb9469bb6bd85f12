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

package dev.outbox.it.store;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

import com.mongodb.client.MongoDatabase;
import dev.outbox.store.EventStore;
import dev.outbox.store.NewEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.data.mongodb.MongoDatabaseFactory;
import org.springframework.data.mongodb.MongoDatabaseUtils;
import org.springframework.data.mongodb.MongoTransactionManager;
import org.springframework.transaction.TransactionStatus;

/**
 * A transaction of MongoDB, on a thread of its own: there it is bound as in an
 * application.
 */
public final class MongoTransaction extends Transaction {

	private final ExecutorService thread = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "test-transaction");
		thread.setDaemon(true);
		return thread;
	});

	private final MongoDatabaseFactory factory;

	private final MongoTransactionManager manager;

	private final EventStore store;

	private @Nullable TransactionStatus status;

	public MongoTransaction(MongoDatabaseFactory factory, EventStore store) {
		this.factory = factory;
		this.manager = new MongoTransactionManager(factory);
		this.store = store;
		this.status = perform(() -> this.manager.getTransaction(null));
	}

	@Override
	public void append(List<NewEvent> events) {
		perform(() -> {
			this.store.append(events);
			return true;
		});
	}

	@Override
	public void schedule(List<NewEvent> events) {
		append(events);
	}

	@Override
	public Optional<UUID> claim(String key, UUID id) {
		return perform(() -> this.store.claim(key, id));
	}

	/**
	 * Does what an application does beside.
	 */
	public MongoTransaction with(Consumer<MongoDatabase> operation) {
		perform(() -> {
			operation.accept(MongoDatabaseUtils.getDatabase(this.factory));
			return true;
		});
		return this;
	}

	@Override
	public void commit() {
		end(true);
	}

	@Override
	public void close() {
		try {
			end(false);
		}
		finally {
			this.thread.shutdown();
		}
	}

	private void end(boolean commit) {
		TransactionStatus ending = this.status;
		this.status = null;
		if (ending != null) {
			perform(() -> {
				if (commit) {
					this.manager.commit(ending);
				}
				else {
					this.manager.rollback(ending);
				}
				return true;
			});
		}
	}

	private <T> T perform(Callable<T> operation) {
		try {
			return this.thread.submit(operation).get();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException(ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
