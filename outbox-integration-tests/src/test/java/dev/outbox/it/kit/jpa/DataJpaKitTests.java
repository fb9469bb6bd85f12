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

import dev.outbox.it.kit.OrderPlaced;
import dev.outbox.it.kit.Orders;
import dev.outbox.test.AutoConfigureTestOutbox;
import dev.outbox.test.OutboxAssertions;
import dev.outbox.test.PublishedEvents;
import dev.outbox.test.StepRelay;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jpa.test.autoconfigure.DataJpaTest;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The kit in the slice of Spring Data JPA, whose own transaction would be rolled back.
 */
@DataJpaTest(properties = "spring.flyway.enabled=false")
@AutoConfigureTestOutbox
@Transactional(propagation = Propagation.NOT_SUPPORTED)
@Import({ Orders.class, JpaOrderBook.class })
class DataJpaKitTests {

	@Autowired
	private Orders orders;

	@RepeatedTest(2)
	void theOutboxIsThereAndEmpty(@Autowired OrderedItems items, PublishedEvents events, StepRelay relay) {
		long before = items.countByOrderId("o-1");
		assertThat(relay.waiting()).isEmpty();
		this.orders.place("o-1", "teapot", "cup");
		assertThat(items.countByOrderId("o-1")).isEqualTo(before + 2);
		assertThat(relay.step()).isPresent();
		OutboxAssertions.assertThat(events).published().ofType(OrderPlaced.class).isOne().hasKey("o-1");
	}

	@Test
	void whatIsRolledBackWasNeverPublished(PublishedEvents events, StepRelay relay) {
		assertThatIllegalStateException().isThrownBy(() -> this.orders.placeAndFail("o-1"));
		assertThat(relay.deliver()).isEmpty();
		OutboxAssertions.assertThat(events).areNone();
	}

}
