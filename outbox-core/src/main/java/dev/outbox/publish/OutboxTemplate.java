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

package dev.outbox.publish;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Runs business code and publishes events in one transaction, for code without
 * {@code @Transactional}. Joins the transaction of the caller if there is one, unless the
 * transaction operations say otherwise. Thread-safe.
 */
public final class OutboxTemplate {

	/**
	 * Header that tells which events belong to one transaction.
	 */
	public static final String TX_ID = "tx_id";

	private final TransactionalOutboxPublisher publisher;

	private final OutboxRecordFactory records;

	private final TransactionOperations transactions;

	/**
	 * Creates a template.
	 * @param publisher publishes the events
	 * @param records tells events from other results
	 * @param transactions opens transactions on the outbox's database
	 */
	public OutboxTemplate(TransactionalOutboxPublisher publisher, OutboxRecordFactory records,
			TransactionOperations transactions) {
		this.publisher = publisher;
		this.records = records;
		this.transactions = transactions;
	}

	/**
	 * Runs code in a transaction, and publishes the events that it returns.
	 * @param <T> type of the result
	 * @param callback the code
	 * @return what the callback has returned
	 */
	public <T extends @Nullable Object> T execute(OutboxCallback<T> callback) {
		return run(callback, Map.of());
	}

	/**
	 * Runs code in a transaction, then publishes an event, and the events that the code
	 * returns.
	 * @param <T> type of the result
	 * @param event the event or message
	 * @param callback the code
	 * @return what the callback has returned
	 */
	public <T extends @Nullable Object> T execute(Object event, OutboxCallback<T> callback) {
		return execute((transaction) -> {
			T result = callback.run(transaction);
			transaction.publish(event);
			return result;
		});
	}

	/**
	 * Runs code in a transaction whose events can be recognised: those that are published
	 * through the transaction that the callback is given, or returned, carry the header
	 * {@value #TX_ID}.
	 * @param <T> type of the result
	 * @param txId id of the transaction, chosen by the caller
	 * @param callback the code
	 * @return what the callback has returned
	 */
	public <T extends @Nullable Object> T inTransaction(String txId, OutboxCallback<T> callback) {
		return run(callback, Map.of(TX_ID, txId));
	}

	/**
	 * Publishes a single event in a transaction: in the caller's, or in one of its own.
	 * @param event the event or message
	 * @return its id
	 */
	public UUID publishTransactional(Object event) {
		return this.transactions.execute((status) -> this.publisher.publish(event));
	}

	private <T extends @Nullable Object> T run(OutboxCallback<T> callback, Map<String, Object> headers) {
		return this.transactions.execute((status) -> {
			T result = callback.run(new Handle(status, headers));
			List<Object> returned = events(result);
			if (!returned.isEmpty() && !status.isRollbackOnly()) {
				this.publisher.publishAll(returned, true, headers);
			}
			return result;
		});
	}

	/**
	 * Returns the events in a result. A list of other things is a result like any other,
	 * but a list in which only some things are events is taken for a mistake.
	 */
	private List<Object> events(@Nullable Object result) {
		List<Object> candidates = new ArrayList<>();
		if (result instanceof List<?> || result instanceof Iterable<?> && !this.records.isEvent(result)) {
			((Iterable<?>) result).forEach(candidates::add);
		}
		else if (result != null) {
			candidates.add(result);
		}
		return candidates.stream().anyMatch(this.records::isEvent) ? candidates : List.of();
	}

	private final class Handle implements OutboxTransaction {

		private final TransactionStatus status;

		private final Map<String, Object> headers;

		Handle(TransactionStatus status, Map<String, Object> headers) {
			this.status = status;
			this.headers = headers;
		}

		@Override
		public UUID publish(Object event) {
			return publishAll(List.of(event)).get(0);
		}

		@Override
		public List<UUID> publishAll(Iterable<?> events) {
			return OutboxTemplate.this.publisher.publishAll(events, false, this.headers);
		}

		@Override
		public void setRollbackOnly() {
			this.status.setRollbackOnly();
		}

	}

}
