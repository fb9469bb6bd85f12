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

package dev.outbox.it.kit.jpa;

import dev.outbox.autoconfigure.transport.rabbit.OutboxRabbitAutoConfiguration;
import dev.outbox.it.kit.KitContract;
import dev.outbox.it.kit.Orders;
import dev.outbox.test.OutboxTest;

import org.springframework.context.annotation.Import;

/**
 * The kit with the JPA store, in the slice.
 */
@OutboxTest(
		properties = { "spring.datasource.url=jdbc:h2:mem:kit;DB_CLOSE_DELAY=-1", "outbox.store.type=jpa",
				"spring.flyway.enabled=false", "outbox.published.mode=archive" },
		excludeAutoConfiguration = OutboxRabbitAutoConfiguration.class)
@Import({ Orders.class, JpaOrderBook.class })
class JpaKitTests extends KitContract {

}
