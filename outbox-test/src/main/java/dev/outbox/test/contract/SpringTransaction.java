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

package dev.outbox.test.contract;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.outbox.store.EventStore;
import dev.outbox.store.NewEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;

/**
 * A transaction of a transaction manager, on a thread of its own: there it is bound as in
 * an application, and any number of them can be open at a time.
 */
public class SpringTransaction extends Transaction {

	private final ExecutorService thread = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "test-transaction");
		thread.setDaemon(true);
		return thread;
	});

	private final PlatformTransactionManager manager;

	private final EventStore store;

	private @Nullable TransactionStatus status;

	/**
	 * Begins a transaction.
	 * @param manager begins and ends it
	 * @param store writes in it
	 */
	public SpringTransaction(PlatformTransactionManager manager, EventStore store) {
		this.manager = manager;
		this.store = store;
		this.status = perform(() -> manager.getTransaction(null));
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

	/**
	 * Does something in the transaction.
	 * @param <T> type of the result
	 * @param operation what to do
	 * @return its result
	 */
	protected final <T> T perform(Callable<T> operation) {
		try {
			return this.thread.submit(operation).get(1, TimeUnit.MINUTES);
		}
		catch (TimeoutException ex) {
			throw new IllegalStateException(
					"The transaction has waited for a minute, perhaps for another one of this test", ex);
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
