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

package dev.outbox.it.jpa;

import dev.outbox.OutboxPublisher;
import jakarta.persistence.EntityManager;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * The application's services.
 */
class Bank {

	private final Accounts accounts;

	private final OutboxPublisher outbox;

	private final EntityManager entities;

	private final JdbcClient jdbc;

	Bank(Accounts accounts, OutboxPublisher outbox, EntityManager entities, JdbcClient jdbc) {
		this.accounts = accounts;
		this.outbox = outbox;
		this.entities = entities;
		this.jdbc = jdbc;
	}

	/**
	 * The event comes from the aggregate.
	 */
	@Transactional
	void deposit(String id, int amount) {
		this.accounts.save(this.accounts.findById(id).orElseGet(() -> new Account(id)).deposit(amount));
	}

	/**
	 * An entity, a row written beside the mapper, and an event.
	 */
	@Transactional
	void depositBesideTheMapper(String id, boolean fail) {
		this.entities.persist(new Account(id));
		this.entities.flush();
		this.jdbc.sql("UPDATE account SET balance = balance + 5 WHERE id = ?").param(id).update();
		this.outbox.publish(new Deposited(id, 5));
		if (fail) {
			throw new IllegalStateException("after publishing");
		}
	}

	/**
	 * What is not flushed when the mapper forgets it is lost, but not the event.
	 */
	@Transactional
	void publishAndClear(String id) {
		this.outbox.publish(new Deposited(id, 0));
		this.entities.clear();
	}

	@Transactional(readOnly = true)
	void publishWhileReading(String id) {
		this.outbox.publish(new Deposited(id, 0));
	}

}
