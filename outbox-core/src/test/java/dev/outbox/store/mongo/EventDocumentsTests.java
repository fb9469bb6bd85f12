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

package dev.outbox.store.mongo;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.store.NewEvent;
import dev.outbox.store.StoredEvent;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBinarySubType;
import org.bson.BsonDocument;
import org.bson.BsonDateTime;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class EventDocumentsTests {

	private static final byte[] PAYLOAD = { 0, -1, 127 };

	@Test
	void anEventComesBackAsItWas() {
		OutboxRecord event = event(Map.of("text", "a", "flag", true, "int", 5, "long", 6L, "double", 1.5),
				Map.of("a.b", "$c", "", "empty name"), Instant.parse("2026-11-21T10:15:30.123456Z"));
		BsonDocument document = EventDocuments.document(new NewEvent(event, 7, null));
		assertThat(document.get("_id")).isEqualTo(new BsonBinary(event.id()));
		assertThat(document.getBinary("_id").getType()).isEqualTo(BsonBinarySubType.UUID_STANDARD.getValue());
		assertThat(EventDocuments.event(document, "_id")).usingRecursiveComparison().isEqualTo(event);
		assertThat(document.getInt32("part").getValue()).isEqualTo(7);
	}

	@Test
	void bytesKeepTheirType() {
		OutboxRecord event = event(Map.of("bytes", new byte[] { 1, 2 }), Map.of(), Instant.EPOCH);
		BsonDocument document = EventDocuments.document(new NewEvent(event, 7, null));
		assertThat(EventDocuments.event(document, "_id").headers()).containsEntry("bytes", new byte[] { 1, 2 });
	}

	@Test
	void whatIsAbsentIsNotStored() {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), null, null, null, "type", 1,
				new Destination("kafka", "topic"), Map.of(), "text/plain", Map.of(), PAYLOAD, Instant.EPOCH);
		assertThat(EventDocuments.document(new NewEvent(event, 0, null))).doesNotContainKeys("key", "aggregateType",
				"aggregateId", "headers", "options", "createdMicros");
		assertThat(EventDocuments.event(EventDocuments.document(new NewEvent(event, 0, null)), "_id").key()).isNull();
	}

	@Test
	void valuesOfOtherTypesAreRefused() {
		OutboxRecord event = event(Map.of("time", Instant.EPOCH), Map.of(), Instant.EPOCH);
		assertThatIllegalArgumentException().isThrownBy(() -> EventDocuments.document(new NewEvent(event, 0, null)))
			.withMessageContaining("'time'");
	}

	/**
	 * The relay must not stand still because of it.
	 */
	@Test
	void headersThatSomebodyElseHasWrittenAreADefect() {
		BsonDocument document = EventDocuments
			.document(new NewEvent(event(Map.of(), Map.of(), Instant.EPOCH), 7, null));
		document.append("headers", new BsonString("secret"));
		StoredEvent stored = EventDocuments.stored(3, document);
		assertThat(stored.defect()).contains("headers").doesNotContain("secret");
		assertThat(stored.event().headers()).isEmpty();
		document.append("headers",
				new BsonArray(List.of(new BsonDocument("n", new BsonString("when")).append("v", new BsonDateTime(0)))));
		assertThat(EventDocuments.stored(3, document).defect()).contains("'when'");
		assertThat(EventDocuments.event(document, "_id").headers()).isEmpty();
	}

	@Test
	void aPayloadThatWasLeftOutIsNotLoaded() {
		BsonDocument document = EventDocuments
			.document(new NewEvent(event(Map.of(), Map.of(), Instant.EPOCH), 7, null));
		assertThat(EventDocuments.stored(3, document).payloadLoaded()).isTrue();
		document.remove("payload");
		StoredEvent stored = EventDocuments.stored(3, document);
		assertThat(stored.payloadLoaded()).isFalse();
		assertThat(stored.payloadSize()).isEqualTo(PAYLOAD.length);
	}

	@Test
	void whatLiesInThePastIsDue() {
		BsonDocument document = EventDocuments
			.document(new NewEvent(event(Map.of(), Map.of(), Instant.EPOCH), 7, null));
		document.append("dueIn", new BsonInt64(-5)).append("failingFor", new BsonInt64(1500));
		StoredEvent stored = EventDocuments.stored(3, document);
		assertThat(stored.retryIn()).isZero();
		assertThat(stored.failingFor()).hasMillis(1500);
	}

	@Test
	void anEventIsNeverDueTooEarly() {
		assertThat(BsonValues.timeAtLeast(Instant.parse("2026-11-21T10:15:30.000000001Z")).getValue())
			.isEqualTo(Instant.parse("2026-11-21T10:15:30.001Z").toEpochMilli());
		assertThat(BsonValues.timeAtLeast(Instant.parse("2026-11-21T10:15:30Z")).getValue())
			.isEqualTo(Instant.parse("2026-11-21T10:15:30Z").toEpochMilli());
	}

	@Test
	void theSizeIsThatOfTheWholeDocument() {
		OutboxRecord event = event(Map.of("text", "a"), Map.of("n", 1), Instant.EPOCH);
		BsonDocument document = EventDocuments.document(new NewEvent(event, 7, null));
		assertThat(EventDocuments.size(document))
			.isEqualTo(new RawBsonDocument(document, new BsonDocumentCodec()).getByteBuffer().remaining());
	}

	private static OutboxRecord event(Map<String, Object> headers, Map<String, Object> options, Instant createdAt) {
		return new OutboxRecord(UUID.randomUUID(), "key", "order", "4711", "order.placed", 2,
				new Destination("kafka", "orders"), options, "application/json", headers, PAYLOAD, createdAt);
	}

}
