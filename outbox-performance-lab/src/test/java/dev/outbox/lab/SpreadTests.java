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

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Spread} and {@link Figures}.
 */
class SpreadTests {

	@Test
	void theMedianIsInTheMiddle() {
		assertThat(new Spread(List.of(9.0, 1.0, 2.0)).median()).isEqualTo(2);
		assertThat(new Spread(List.of(9.0, 1.0, 2.0, 4.0)).median()).isEqualTo(3);
	}

	@Test
	void knowsItsEnds() {
		Spread spread = new Spread(List.of(9.0, 1.0, 2.0));
		assertThat(spread.lowest()).isEqualTo(1);
		assertThat(spread.highest()).isEqualTo(9);
		assertThat(spread.toJson()).containsEntry("median", 2.0).containsEntry("runs", List.of(9.0, 1.0, 2.0));
	}

	@Test
	void nothingHasNoMedian() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Spread(List.of()));
		assertThat(new Figures().median("any")).isNaN();
	}

	@Test
	void whatIsNoNumberIsNoFigure() {
		Figures figures = new Figures();
		figures.add("latency", Double.NaN);
		assertThat(figures.has("latency")).isFalse();
	}

	@Test
	void roundsToWhatCanBeToldApart() {
		assertThat(Spread.round(123_456.7)).isEqualTo(123_457);
		assertThat(Spread.round(12.345)).isEqualTo(12.3);
		assertThat(Spread.round(1.23456)).isEqualTo(1.235);
	}

}
