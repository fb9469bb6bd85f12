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

package dev.outbox.it.kit.mongo;

import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.it.kit.OrderPlaced;
import dev.outbox.it.kit.Orders;
import dev.outbox.test.AutoConfigureTestOutbox;
import dev.outbox.test.OutboxAssertions;
import dev.outbox.test.PublishedEvents;
import dev.outbox.test.StepRelay;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.mongodb.test.autoconfigure.DataMongoTest;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The kit in the slice of Spring Data MongoDB, which is not transactional by itself.
 */
@DataMongoTest
@AutoConfigureTestOutbox
@Import({ Transactions.class, Orders.class, MongoOrderBook.class })
class DataMongoKitTests {

	@RegisterExtension
	static final MongoTestDatabase DATABASE = MongoTestDatabase.fresh();

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		properties.add("spring.mongodb.uri", DATABASE::uri);
	}

	@RepeatedTest(2)
	void theOutboxIsThereAndEmpty(@Autowired Orders orders, @Autowired OrderedItems items, PublishedEvents events,
			StepRelay relay) {
		long before = items.countByOrderId("o-1");
		assertThat(relay.waiting()).isEmpty();
		orders.place("o-1", "teapot", "cup");
		assertThat(items.countByOrderId("o-1")).isEqualTo(before + 2);
		assertThat(relay.step()).isPresent();
		OutboxAssertions.assertThat(events).published().ofType(OrderPlaced.class).isOne().hasKey("o-1");
	}

}
