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

package dev.outbox.actuate;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

import dev.outbox.OutboxRecord;
import dev.outbox.store.DeadLetter;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as operators see it.
 *
 * @param number number of the dead letter
 * @param eventId id of the event
 * @param eventType its logical type
 * @param eventVersion version of its type
 * @param key its key
 * @param aggregateType type of its aggregate
 * @param aggregateId id of its aggregate
 * @param transport the transport
 * @param destination the destination
 * @param createdAt when the event occurred
 * @param firstFailedAt when it could not be sent for the first time
 * @param diedAt when it was given up
 * @param attempts failed attempts
 * @param error why it was given up, without secrets
 * @param fingerprint the same for errors of the same cause
 * @param blocksKey whether the later events of its key wait for what becomes of it
 * @param defect why its row cannot be read, if it cannot
 * @param contentType MIME type of the payload
 * @param payloadSize size of the payload in bytes
 * @param headerNames names of its headers
 * @param content its headers and payload, if they may be shown
 * @param stackTrace where the last failure came from, without secrets; not in lists
 */
public record DeadLetterView(long number, UUID eventId, String eventType, int eventVersion, @Nullable String key,
		@Nullable String aggregateType, @Nullable String aggregateId, String transport, String destination,
		Instant createdAt, @Nullable Instant firstFailedAt, Instant diedAt, int attempts, String error,
		String fingerprint, boolean blocksKey, @Nullable String defect, String contentType, int payloadSize,
		Set<String> headerNames, @Nullable Content content, @Nullable String stackTrace) {

	static DeadLetterView of(DeadLetter letter, boolean withContent) {
		OutboxRecord event = letter.event();
		return new DeadLetterView(letter.number(), event.id(), event.eventType(), event.eventVersion(), event.key(),
				event.aggregateType(), event.aggregateId(), event.destination().transport(), event.destination().name(),
				event.createdAt(), letter.firstFailedAt(), letter.diedAt(), letter.attempts(), letter.error(),
				letter.fingerprint(), letter.blocksKey(), letter.defect(), event.contentType(), letter.payloadSize(),
				new TreeSet<>(event.headers().keySet()), withContent ? Content.of(event) : null, letter.stackTrace());
	}

	/**
	 * What an event says.
	 *
	 * @param headers its headers
	 * @param payload its payload, if it is text
	 * @param payloadBase64 its payload, if it is not
	 */
	public record Content(Map<String, Object> headers, @Nullable String payload, @Nullable String payloadBase64) {

		static Content of(OutboxRecord event) {
			byte[] payload = event.payload();
			try {
				String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
				return new Content(event.headers(), text, null);
			}
			catch (CharacterCodingException ex) {
				return new Content(event.headers(), null, Base64.getEncoder().encodeToString(payload));
			}
		}

	}

}
