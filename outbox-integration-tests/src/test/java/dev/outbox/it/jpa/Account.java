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

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Version;

import org.springframework.data.domain.AbstractAggregateRoot;

/**
 * An aggregate that registers its events itself.
 */
@Entity
@Table(name = "account")
class Account extends AbstractAggregateRoot<Account> {

	@Id
	private String id = "";

	@Version
	private int version;

	private int balance;

	protected Account() {
	}

	Account(String id) {
		this.id = id;
	}

	Account deposit(int amount) {
		this.balance += amount;
		return andEvent(new Deposited(this.id, this.balance));
	}

	int balance() {
		return this.balance;
	}

}
