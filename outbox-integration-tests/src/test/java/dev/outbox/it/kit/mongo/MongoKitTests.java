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

import dev.outbox.autoconfigure.transport.rabbit.OutboxRabbitAutoConfiguration;
import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.it.kit.KitContract;
import dev.outbox.it.kit.Orders;
import dev.outbox.test.OutboxTest;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * The kit with the store of MongoDB, in the slice.
 */
@OutboxTest(properties = "outbox.published.mode=archive",
		excludeAutoConfiguration = { OutboxRabbitAutoConfiguration.class, DataSourceAutoConfiguration.class })
@Import({ Transactions.class, Orders.class, MongoOrderBook.class })
class MongoKitTests extends KitContract {

	@RegisterExtension
	static final MongoTestDatabase DATABASE = MongoTestDatabase.fresh();

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry properties) {
		properties.add("spring.mongodb.uri", DATABASE::uri);
	}

}
