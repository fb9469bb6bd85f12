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

package dev.outbox.autoconfigure.instances;

import java.util.Set;

import dev.outbox.OutboxEvent;
import org.jmolecules.event.annotation.Externalized;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class UncapturedEventsTests {

	@Test
	void anEventThatNoneStoresIsReportedOnce(CapturedOutput output) {
		try (GenericApplicationContext context = context()) {
			context.publishEvent(new Placed("1"));
			context.publishEvent(new Placed("2"));
			context.publishEvent("text");
		}
		assertThat(output)
			.containsOnlyOnce("An event of " + Placed.class.getName()
					+ " was published through Spring, and stored in none of the outboxes [north]. Set"
					+ " 'outbox.instances.north.write.capture-events'")
			.doesNotContain("java.lang.String was");
	}

	@Test
	void anAnnotatedInterfaceCounts(CapturedOutput output) {
		try (GenericApplicationContext context = context()) {
			context.publishEvent(new Cancelled("1"));
		}
		assertThat(output).contains(Cancelled.class.getName());
	}

	@Test
	void whatIsExternalisedCounts(CapturedOutput output) {
		try (GenericApplicationContext context = context()) {
			context.publishEvent(new Moved("1"));
			context.publishEvent(new Renamed("1"));
		}
		assertThat(output).contains(Moved.class.getName() + " was published",
				Renamed.class.getName() + " was published");
	}

	private static GenericApplicationContext context() {
		GenericApplicationContext context = new GenericApplicationContext();
		context.addApplicationListener(new UncapturedEvents(Set.of("north")));
		context.refresh();
		return context;
	}

	@OutboxEvent
	record Placed(String id) {

	}

	@OutboxEvent
	interface OrderEvent {

	}

	record Cancelled(String id) implements OrderEvent {

	}

	@Externalized("moves")
	record Moved(String id) {

	}

	@Externalized("names")
	interface NameEvent {

	}

	record Renamed(String id) implements NameEvent {

	}

}
