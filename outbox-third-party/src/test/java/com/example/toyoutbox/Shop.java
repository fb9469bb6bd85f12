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

import dev.outbox.OutboxPublisher;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.transaction.annotation.Transactional;

/**
 * An application that has the store and the transport by being on the class path with
 * them.
 */
@SpringBootApplication
class Shop {

	private final ToyDatabase database;

	private final OutboxPublisher publisher;

	Shop(ToyDatabase database, OutboxPublisher publisher) {
		this.database = database;
		this.publisher = publisher;
	}

	@Transactional
	void step(String order, int number) {
		this.database.write(order, String.valueOf(number));
		this.publisher.publish(new OrderStep(order, number));
		if (number < 0) {
			throw new IllegalArgumentException("No step is negative");
		}
	}

}
