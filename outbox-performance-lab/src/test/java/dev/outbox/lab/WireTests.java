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

package dev.outbox.lab;

import java.nio.charset.StandardCharsets;

import dev.outbox.lab.app.LabEvent;
import dev.outbox.lab.app.Wire;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Wire}.
 */
class WireTests {

	@Test
	void readsWhatItWrites() {
		LabEvent event = Wire.event("topic", 17, 42, 1_234_567_890_123_456L, Wire.filler(200));
		Wire.Parsed parsed = Wire.parse(event.value().getBytes(StandardCharsets.UTF_8));
		assertThat(parsed).isEqualTo(new Wire.Parsed(17, 42, 1_234_567_890_123_456L));
		assertThat(event.value()).hasSizeBetween(180, 220);
	}

	@Test
	void readsATextInQuotes() {
		assertThat(Wire.parse("\"1:2:3:rest\"".getBytes(StandardCharsets.UTF_8))).isEqualTo(new Wire.Parsed(1, 2, 3));
	}

	@Test
	void refusesWhatIsNotOfTheLab() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Wire.parse("something else".getBytes(StandardCharsets.UTF_8)))
			.withMessageContaining("something else");
	}

}
