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

package dev.outbox.payload;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import dev.outbox.AbstractOutboxEvent;
import dev.outbox.EventSerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JacksonPayloadSerializerTests {

	private final PayloadSerializer serializer = new RawPayloadSerializer(
			new JacksonPayloadSerializer(JsonMapper.builder().build()));

	@Test
	void aRecordSurvivesTheRoundTrip() {
		Everything event = new Everything("ä", new BigDecimal("12.340"), Instant.parse("2026-11-21T05:06:07.123456Z"),
				Duration.ofMinutes(5), UUID.randomUUID(), null, List.of(1, 2));
		SerializedPayload payload = this.serializer.serialize(event);
		assertThat(payload.contentType()).isEqualTo("application/json");
		assertThat(text(payload)).contains("\"at\":\"2026-11-21T05:06:07.123456Z\"", "\"total\":12.340",
				"\"nothing\":null");
		assertThat(this.serializer.deserialize(payload.bytes(), payload.contentType(), Everything.class))
			.isEqualTo(event);
	}

	@Test
	void idAndTimeOfAnEventArriveAsTheyWere() {
		Shipped event = new Shipped();
		event.parcel = "p";
		SerializedPayload payload = this.serializer.serialize(event);
		Shipped received = this.serializer.deserialize(payload.bytes(), payload.contentType(), Shipped.class);
		assertThat(received).isEqualTo(event);
		assertThat(received.occurredAt()).isEqualTo(event.occurredAt());
		assertThat(received.parcel).isEqualTo("p");
		assertThat(event.eventId().version()).isEqualTo(7);
	}

	@Test
	void bytesAndStringsPassUnchanged() {
		byte[] bytes = { 0, -1, 127 };
		SerializedPayload binary = this.serializer.serialize(bytes);
		bytes[0] = 1;
		assertThat(binary.bytes()).containsExactly(0, -1, 127);
		assertThat(binary.contentType()).isEqualTo("application/octet-stream");
		assertThat(this.serializer.deserialize(binary.bytes(), binary.contentType(), byte[].class))
			.isEqualTo(binary.bytes());
		SerializedPayload text = this.serializer.serialize("{ \"b\":1, \"a\":2 } 😀");
		assertThat(text(text)).isEqualTo("{ \"b\":1, \"a\":2 } 😀");
		assertThat(this.serializer.deserialize(text.bytes(), text.contentType(), String.class))
			.isEqualTo("{ \"b\":1, \"a\":2 } 😀");
	}

	@Test
	void noClassNameGetsIntoAPayloadWhateverTheApplicationsMapperDoes() {
		JsonMapper typing = JsonMapper.builder()
			.activateDefaultTyping(BasicPolymorphicTypeValidator.builder().allowIfBaseType(Object.class).build(),
					DefaultTyping.NON_FINAL)
			.build();
		assertThat(typing.writeValueAsString(new Shipped())).contains("Shipped");
		assertThat(text(new JacksonPayloadSerializer(typing).serialize(new Shipped()))).doesNotContain("Shipped");
	}

	@Test
	void anObjectThatCannotBeWrittenIsNamed() {
		assertThatExceptionOfType(EventSerializationException.class)
			.isThrownBy(() -> this.serializer.serialize(new Broken()))
			.withMessageContaining(Broken.class.getName())
			.havingCause();
	}

	@Test
	void bytesThatCannotBeReadAreNotInTheMessage() {
		byte[] garbage = "secret".getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(EventSerializationException.class)
			.isThrownBy(() -> this.serializer.deserialize(garbage, "application/json", Shipped.class))
			.withMessageNotContaining("secret");
		assertThatExceptionOfType(EventSerializationException.class).isThrownBy(() -> this.serializer
			.deserialize("null".getBytes(StandardCharsets.UTF_8), "application/json", Shipped.class));
	}

	@Test
	void withoutJacksonTheMessageNamesTheDependency() {
		assertThatExceptionOfType(EventSerializationException.class)
			.isThrownBy(() -> new RawPayloadSerializer(null).serialize(new Shipped()))
			.withMessageContaining("jackson-databind");
	}

	private static String text(SerializedPayload payload) {
		return new String(payload.bytes(), StandardCharsets.UTF_8);
	}

	record Everything(String text, BigDecimal total, Instant at, Duration took, UUID id, @Nullable String nothing,
			List<Integer> numbers) {

	}

	static class Shipped extends AbstractOutboxEvent {

		public String parcel = "";

	}

	static class Broken {

		public String getValue() {
			throw new IllegalStateException("no");
		}

	}

}
