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

package com.example.toyoutbox;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import com.example.toyoutbox.ToyDatabase.IdempotencyClaim;
import dev.outbox.OutboxException;
import dev.outbox.store.NewEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.CannotAcquireLockException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * What a transaction has written and nobody else sees. Bound to the thread that has begun
 * it, under its database.
 */
final class ToyTransaction {

	private final ToyDatabase database;

	private final List<ToyRow> events = new ArrayList<>();

	private final List<NewEvent> scheduled = new ArrayList<>();

	private final Map<String, UUID> claims = new HashMap<>();

	private final Map<String, String> values = new HashMap<>();

	private final List<Runnable> checks = new ArrayList<>();

	private boolean ended;

	ToyTransaction(ToyDatabase database) {
		this.database = database;
	}

	static @Nullable ToyTransaction find(ToyDatabase database) {
		return (ToyTransaction) TransactionSynchronizationManager.getResource(database);
	}

	static ToyTransaction current(ToyDatabase database) {
		ToyTransaction transaction = find(database);
		if (transaction == null || transaction.ended) {
			throw new OutboxException("There is no transaction. Nothing was written");
		}
		return transaction;
	}

	boolean hasEnded() {
		return this.ended;
	}

	void write(String name, String value) {
		this.values.put(name, value);
	}

	/**
	 * The numbers are taken now, whenever the transaction commits.
	 */
	void append(List<NewEvent> added) {
		for (NewEvent event : added) {
			if (event.deliverAt() != null) {
				this.scheduled.add(event);
			}
			else {
				this.events.add(new ToyRow(this.database.nextSeq(), event.part(), event.event()));
			}
		}
	}

	/**
	 * Two who hold keys could wait for each other for ever, so nobody waits.
	 */
	Optional<UUID> claim(String key, UUID id) {
		synchronized (this.database) {
			IdempotencyClaim held = this.database.claims.get(key);
			UUID holder = (held != null) ? held.id() : this.claims.get(key);
			if (holder != null) {
				return Optional.of(holder);
			}
			if (this.database.openClaims.containsKey(key)) {
				throw new CannotAcquireLockException(
						"Another transaction has claimed the key and has not ended." + " Repeat the transaction");
			}
			this.database.openClaims.put(key, this);
			this.claims.put(key, id);
			return Optional.empty();
		}
	}

	void checkBeforeCommit(Runnable check) {
		this.checks.add(check);
	}

	void commit() {
		this.ended = true;
		try {
			this.checks.forEach(Runnable::run);
		}
		catch (RuntimeException ex) {
			rollback();
			throw ex;
		}
		synchronized (this.database) {
			Instant now = this.database.now();
			this.claims.forEach((key, id) -> this.database.claims.put(key, new IdempotencyClaim(id, now)));
			this.database.values.putAll(this.values);
			this.database.scheduled.addAll(this.scheduled);
			this.database.show(this.events);
			forgetClaims();
		}
	}

	void rollback() {
		this.ended = true;
		forgetClaims();
	}

	private void forgetClaims() {
		synchronized (this.database) {
			this.database.openClaims.keySet().removeAll(this.claims.keySet());
		}
	}

}
