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

import dev.outbox.lab.app.Wire;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link Ledger}.
 */
class LedgerTests {

	private final Ledger ledger = new Ledger();

	@Test
	void countsWhatIsThereTwiceOnce() {
		arrive(1, 0, 0, 0);
		arrive(1, 0, 0, 0);
		arrive(2, 0, 0, 0);
		assertThat(this.ledger.distinct()).isEqualTo(2);
		assertThat(this.ledger.duplicates()).isEqualTo(1);
		assertThat(this.ledger.outOfOrder()).isZero();
	}

	@Test
	void tellsWhatIsOvertakenWithinItsKeyOnly() {
		arrive(1, 0, 0, 0);
		arrive(1, 2, 0, 0);
		arrive(2, 0, 0, 0);
		arrive(1, 1, 0, 0);
		arrive(1, 3, 0, 0);
		assertThat(this.ledger.outOfOrder()).isEqualTo(1);
		assertThat(this.ledger.of(1)).isEqualTo(4);
	}

	@Test
	void aDuplicateOfAnEarlierEventIsNotOutOfOrder() {
		arrive(1, 0, 0, 0);
		arrive(1, 1, 0, 0);
		arrive(1, 0, 0, 0);
		assertThat(this.ledger.outOfOrder()).isZero();
		assertThat(this.ledger.duplicates()).isEqualTo(1);
	}

	@Test
	void theRateCountsFromTheFirstToTheLast() {
		for (int i = 0; i <= 100; i++) {
			arrive(1, i, 5_000_000_000L + i * 10_000_000L, 0);
		}
		assertThat(this.ledger.rate()).isEqualTo(100, within(1e-9));
	}

	@Test
	void theLatencyCountsFromTheIntendedTime() {
		for (int i = 1; i <= 100; i++) {
			this.ledger.arrived(value(1, i, 1_000_000), 0, 1_000_000 + i * 1_000);
		}
		assertThat(this.ledger.latency(0.5)).isEqualTo(50);
		assertThat(this.ledger.latency(0.99)).isEqualTo(99);
		assertThat(this.ledger.latency(1)).isEqualTo(100);
	}

	@Test
	void withoutLatenciesThereIsNone() {
		arrive(1, 0, 0, 0);
		assertThat(this.ledger.latency(0.5)).isNaN();
	}

	private void arrive(int key, int number, long nanos, long micros) {
		this.ledger.arrived(value(key, number, 0), nanos, micros);
	}

	private static byte[] value(int key, int number, long micros) {
		return Wire.event("topic", key, number, micros, Wire.filler(100)).value().getBytes(StandardCharsets.UTF_8);
	}

}
