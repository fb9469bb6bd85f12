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

package dev.outbox.relay.model;

import java.util.ArrayList;
import java.util.List;

/**
 * Keeps what it gets, in the order in which it comes.
 */
final class Broker {

	private final List<Row> log = new ArrayList<>();

	private final Timeline time;

	private final boolean failing;

	private boolean repaired;

	private int unknown;

	Broker(Timeline time, boolean failing) {
		this.time = time;
		this.failing = failing;
	}

	/**
	 * Takes a record, or not.
	 * @return what the sender hears of it
	 */
	Answer send(Row row) {
		if (row.poison() && !this.time.oneIn(3)) {
			return Answer.REJECTED;
		}
		int luck = (this.failing && !this.repaired) ? this.time.below(20) : 2;
		if (luck == 0) {
			return Answer.NONE;
		}
		this.log.add(row);
		if (luck == 1) {
			this.unknown++;
			return Answer.NONE;
		}
		return Answer.TAKEN;
	}

	void repair() {
		this.repaired = true;
	}

	List<Row> log() {
		return this.log;
	}

	/**
	 * Returns how many records it has taken without the sender knowing.
	 */
	int unknown() {
		return this.unknown;
	}

	/**
	 * What the sender hears.
	 */
	enum Answer {

		TAKEN, NONE, REJECTED

	}

}
