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

package dev.outbox.publish;

import java.util.Map;

import dev.outbox.OutboxMessage;
import dev.outbox.listener.TraceContext;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The headers {@code x-trace-id} and those that belong to it.
 */
class TraceHeadersTests {

	private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

	private static final String SPAN = "b7ad6b7169203331";

	private static final String TRACEPARENT = "00-" + TRACE + '-' + SPAN + "-01";

	private static final TraceContext NO_TRACE = (type, destination) -> Map.of();

	private static final TraceContext CURRENT = (type, destination) -> Map.of("traceparent", TRACEPARENT);

	private final Map<String, Object> family = Map.of("x-trace-id", TRACE, "x-span-id", SPAN, "x-sampled", "1");

	@Test
	void theCurrentTraceIsWrittenInBothFamilies() {
		assertThat(headers(true, CURRENT, Map.of("x-trace-id", "old", "x-parent-span-id", "of the old one")))
			.containsEntry("traceparent", TRACEPARENT)
			.containsAllEntriesOf(this.family)
			.doesNotContainKey("x-parent-span-id");
	}

	@Test
	void theCallersTraceparentIsTranslated() {
		assertThat(headers(true, NO_TRACE, Map.of("traceparent", TRACEPARENT))).containsAllEntriesOf(this.family);
	}

	@Test
	void theCallersOtherFamilyIsTranslated() {
		Map<String, Object> own = Map.of("x-trace-id", TRACE, "x-span-id", SPAN, "x-parent-span-id", SPAN);
		assertThat(headers(true, NO_TRACE, own)).containsAllEntriesOf(own).containsEntry("traceparent", TRACEPARENT);
	}

	@Test
	void whatIsMalformedStaysAsItIs() {
		Map<String, Object> own = Map.of("x-trace-id", "t-1", "x-span-id", "1");
		assertThat(headers(true, NO_TRACE, own)).containsAllEntriesOf(own).doesNotContainKey("traceparent");
		assertThat(headers(true, NO_TRACE, Map.of("traceparent", "t-1"))).containsEntry("traceparent", "t-1")
			.doesNotContainKey("x-trace-id");
	}

	@Test
	void theyAreNothingToTheOutboxUnlessItIsTold() {
		assertThat(headers(false, CURRENT, Map.of("x-trace-id", "mine"))).containsEntry("x-trace-id", "mine")
			.doesNotContainKey("x-span-id");
		assertThat(headers(false, NO_TRACE, this.family)).containsAllEntriesOf(this.family)
			.doesNotContainKey("traceparent");
	}

	private static Map<String, Object> headers(boolean xTrace, TraceContext trace, Map<String, Object> own) {
		WriteSettings defaults = TestEvents.settings();
		HeaderSettings headers = new HeaderSettings("shop", false, false, false, false, false, xTrace,
				HeaderSettings.Style.SNAKE_CASE);
		WriteSettings settings = new WriteSettings(1000, defaults.transport(), defaults.transports(), Map.of(),
				headers);
		OutboxMessage.Builder message = OutboxMessage.builder()
			.eventType("order.placed")
			.destination("orders")
			.payload("{}");
		own.forEach(message::header);
		return TestEvents.factory(settings, OutboxRouting.none(), trace)
			.create(message.build(), Map.of())
			.orElseThrow()
			.record()
			.headers();
	}

}
