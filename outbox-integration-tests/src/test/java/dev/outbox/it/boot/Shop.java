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

package dev.outbox.it.boot;

import dev.outbox.OutboxPublisher;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.annotation.Transactional;

/**
 * Places orders, wherever they are kept.
 */
abstract class Shop implements Orders {

	private final OutboxPublisher outbox;

	private final ApplicationEventPublisher events;

	Shop(OutboxPublisher outbox, ApplicationEventPublisher events) {
		this.outbox = outbox;
		this.events = events;
	}

	@Override
	@Transactional
	public void place(String id, int number) {
		insert(id, number);
		this.outbox.publish(new OrderPlaced(id, number));
	}

	@Override
	@Transactional
	public void placeByApplicationEvent(String id, int number) {
		insert(id, number);
		this.events.publishEvent(new OrderPlaced(id, number));
	}

	@Override
	@Transactional
	public void placeAndFail(String id) {
		place(id, 1);
		throw new IllegalStateException("after publishing");
	}

	@Override
	public void placeWithoutTransaction(String id) {
		this.outbox.publish(new OrderPlaced(id, 1));
	}

	abstract void insert(String id, int number);

}
