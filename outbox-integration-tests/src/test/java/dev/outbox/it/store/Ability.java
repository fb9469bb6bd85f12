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

import java.util.Set;

import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What a test needs of a store, and not every store has.
 */
public enum Ability {

	/**
	 * A part of a transaction can be rolled back.
	 */
	SAVEPOINTS("transactions with savepoints"),

	/**
	 * Who claims a key waits for the transaction that has claimed it and not ended yet.
	 * Elsewhere that fails at once, and the application repeats its transaction.
	 */
	WAITING_CLAIMS("a claim that waits for a concurrent transaction to end, where others fail and are repeated"),

	/**
	 * One transaction can keep all others from writing to a table or collection.
	 */
	LOCKS("a database that can lock one table"),

	/**
	 * Rows say which transaction has written them, and so can be made to lie.
	 */
	TRANSACTION_NUMBERS("rows that say which transaction has written them");

	private final String description;

	Ability(String description) {
		this.description = description;
	}

	/**
	 * Skips the test where it is missing.
	 */
	public void assumeIn(Set<Ability> abilities) {
		assumeThat(abilities).as("needs " + this.description).contains(this);
	}

}
