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

package dev.outbox.observation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.outbox.observation.OutboxMeterDocumentation.Scope;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps {@code docs/reference/meters.md} equal to what the code registers. Run with
 * {@code -Doutbox.docs.write=true} to write it.
 */
class MetersReferenceTests {

	private static final Path DOCUMENT = Path.of("..", "docs", "reference", "meters.md");

	@Test
	void theReferenceIsUpToDate() throws IOException {
		String expected = render();
		if (Boolean.getBoolean("outbox.docs.write")) {
			Files.writeString(DOCUMENT, expected);
		}
		assertThat(Files.readString(DOCUMENT)).as("rerun with -Doutbox.docs.write=true").isEqualTo(expected);
	}

	private static String render() {
		StringBuilder document = new StringBuilder("""
				# Meters

				Every meter of the outbox. The code that registers them reads the same list, and a test compares this
				page with it. How to use them: [metrics](../operations/metrics.md).

				Meters of the outbox show the same on every instance: take the maximum. Those of an instance show what
				it does itself: take the sum. With [several outboxes](../how-to/several-outboxes.md) each meter has the
				tag `outbox` too.

				| meter | in Prometheus | of | type | tags | |
				|---|---|---|---|---|---|
				""");
		for (OutboxMeterDocumentation meter : OutboxMeterDocumentation.values()) {
			document.append("| `%s` | `%s` | %s | %s | %s | %s |%n".formatted(meter.getName(), prometheus(meter),
					(meter.scope() == Scope.OUTBOX) ? "the outbox" : "the instance", type(meter.getType()),
					Arrays.stream(meter.getKeyNames())
						.map(KeyName::asString)
						.map("`%s`"::formatted)
						.collect(Collectors.joining(", ")),
					meter.description()));
		}
		return document.append("""

				Where the application observes, each publication is also an observation `outbox.store` with the tags
				`outbox.event.type` and `outbox.transport`, which Spring Boot shows as the timers `outbox.store` and
				`outbox.store.active`.
				""").toString();
	}

	private static String prometheus(OutboxMeterDocumentation meter) {
		String unit = (meter.getBaseUnit() != null) ? "_" + meter.getBaseUnit() : "";
		String total = (meter.getType() == Meter.Type.COUNTER) ? "_total" : "";
		return meter.getName().replace('.', '_') + unit + total;
	}

	private static String type(Meter.Type type) {
		return type.name().toLowerCase(Locale.ROOT).replace('_', ' ');
	}

}
