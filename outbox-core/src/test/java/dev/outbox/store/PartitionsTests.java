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

package dev.outbox.store;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class PartitionsTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
			''                                          | 00000000
			a                                           | 3c2569b2
			abc                                         | b3dd93fa
			hello                                       | 248bfa47
			hello, world                                | 149bbb7f
			The quick brown fox jumps over the lazy dog | 2e4ff723
			""")
	void theHashIsMurmur3(String text, String expected) {
		assertThat(Partitions.murmur3(text.getBytes(StandardCharsets.UTF_8)))
			.isEqualTo(Integer.parseUnsignedInt(expected, 16));
	}

	@ParameterizedTest
	@CsvSource({ "order-1,33", "order-2,31", "42,54", "Käse,26", "😀,58" })
	void theAssignmentOfKeysIsDataFormat(String key, int partition) {
		assertThat(new Partitions(64).partitionOf(key, new UUID(0, 0))).isEqualTo(partition);
	}

	@Test
	void eventsWithoutKeyAreSpreadByTheirId() {
		Partitions partitions = new Partitions(64);
		assertThat(IntStream.range(0, 10_000)
			.map((i) -> partitions.partitionOf(null, UUID.randomUUID()))
			.distinct()
			.count()).isEqualTo(64);
	}

	@Test
	void theAssignmentOfIdsIsDataFormat() {
		UUID id = UUID.fromString("0190a6a1-0000-7000-8000-000000000001");
		assertThat(new Partitions(64).partitionOf(null, id)).isEqualTo(44);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, 1025 })
	void aCountOutOfRangeNamesTheProperty(int count) {
		assertThatIllegalArgumentException().isThrownBy(() -> new Partitions(count))
			.withMessageContaining("outbox.relay.partitions");
	}

}
