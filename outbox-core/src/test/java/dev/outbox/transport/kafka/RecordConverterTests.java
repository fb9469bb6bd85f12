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

package dev.outbox.transport.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RecordConverterTests {

	@Test
	void headersArriveAsTextAndBytesUnchanged() {
		Map<String, Object> headers = new LinkedHashMap<>();
		headers.put("ce_id", "018f-äö€");
		headers.put("count", 5);
		headers.put("big", 9_000_000_000L);
		headers.put("ratio", 0.25);
		headers.put("flag", true);
		headers.put("raw", new byte[] { 0, -1, 127 });
		Map<String, Object> golden = new LinkedHashMap<>();
		golden.put("ce_id", "018f-äö€");
		golden.put("count", "5");
		golden.put("big", "9000000000");
		golden.put("ratio", "0.25");
		golden.put("flag", "true");
		golden.put("raw", "\0\ufffd\u007f");
		golden.put("content-type", "application/json");
		ProducerRecord<byte[], byte[]> record = RecordConverter.convert(event("k", Map.of(), headers));
		Map<String, Object> actual = new LinkedHashMap<>();
		for (Header header : record.headers()) {
			actual.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
		}
		assertThat(actual).containsExactlyEntriesOf(golden);
		assertThat(record.headers().lastHeader("raw").value()).containsExactly(0, -1, 127);
	}

	@Test
	void aContentTypeOfTheUsersIsNotDoubled() {
		ProducerRecord<byte[], byte[]> record = RecordConverter
			.convert(event("k", Map.of(), Map.of("content-type", "text/plain")));
		assertThat(record.headers().headers("content-type")).hasSize(1)
			.allSatisfy((header) -> assertThat(header.value()).asString().isEqualTo("text/plain"));
	}

	@Test
	void keyAndPayloadAreTheEventsBytes() {
		ProducerRecord<byte[], byte[]> record = RecordConverter.convert(event("kä", Map.of(), Map.of()));
		assertThat(record.topic()).isEqualTo("orders");
		assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo("kä");
		assertThat(record.value()).containsExactly(1, 2, 3);
		assertThat(record.partition()).isNull();
		assertThat(record.timestamp()).isNull();
		assertThat(RecordConverter.convert(event(null, Map.of(), Map.of())).key()).isNull();
	}

	@Test
	void aBinaryKeyArrivesBitByBit() {
		ProducerRecord<byte[], byte[]> record = RecordConverter
			.convert(event("AP9/", Map.of(OutboxRecord.KEY_ENCODING_OPTION, OutboxRecord.BASE64), Map.of()));
		assertThat(record.key()).containsExactly(0, -1, 127);
	}

	@Test
	void partitionAndTimestampCanBeChosen() {
		Map<String, Object> options = new KafkaOptions(3, Instant.ofEpochMilli(1234)).asMap();
		ProducerRecord<byte[], byte[]> record = RecordConverter.convert(event("k", options, Map.of()));
		assertThat(record.partition()).isEqualTo(3);
		assertThat(record.timestamp()).isEqualTo(1234);
	}

	@Test
	void optionsSurviveAFormatThatHasOnlyLongs() {
		assertThat(KafkaOptions.of(Map.of("partition", 3L, "timestamp", 5)))
			.isEqualTo(new KafkaOptions(3, Instant.ofEpochMilli(5)));
	}

	@Test
	void anUnknownOptionIsRefusedByName() {
		assertThatIllegalArgumentException().isThrownBy(() -> KafkaOptions.of(Map.of("exchange", "x")))
			.withMessageContaining("'exchange'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "partition", "timestamp" })
	void anOptionThatIsNoNumberIsRefusedByName(String name) {
		assertThatIllegalArgumentException().isThrownBy(() -> KafkaOptions.of(Map.of(name, "3")))
			.withMessageContaining(name);
	}

	@Test
	void aNegativePartitionIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new KafkaOptions(-1, null))
			.withMessageContaining("partition=-1");
	}

	@Test
	void aHeaderOfAnotherTypeIsRefusedByNameWithoutItsValue() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RecordConverter.convert(event("k", Map.of(), Map.of("when", Instant.EPOCH))))
			.withMessageContaining("'when'")
			.withMessageNotContaining("1970");
	}

	private static OutboxRecord event(String key, Map<String, Object> options, Map<String, Object> headers) {
		return new OutboxRecord(UUID.randomUUID(), key, null, null, "order.placed", 1,
				new Destination("kafka", "orders"), options, "application/json", headers, new byte[] { 1, 2, 3 },
				Instant.EPOCH);
	}

}
