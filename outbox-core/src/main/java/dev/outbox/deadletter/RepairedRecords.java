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

package dev.outbox.deadletter;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.store.DeadLetter;
import dev.outbox.transport.TransportCapabilities;
import org.jspecify.annotations.Nullable;

/**
 * Makes the event that takes the place of a dead letter, and refuses what could not be
 * stored or sent.
 */
final class RepairedRecords {

	private static final int LONGEST_TEXT = 256;

	private final long maxPayloadSize;

	private final Collection<TransportCapabilities> transports;

	RepairedRecords(long maxPayloadSize, Collection<TransportCapabilities> transports) {
		this.maxPayloadSize = maxPayloadSize;
		this.transports = transports;
	}

	OutboxRecord repair(DeadLetter letter, Repair repair, UUID id) {
		if (repair.isEmpty()) {
			throw refused(letter, "nothing is to be different", "Retry it if its cause is gone, or say what to change");
		}
		if (letter.defect() != null) {
			throw refused(letter,
					"its row is damaged, and a copy would lose what cannot be read (" + letter.defect() + ")",
					"Repair the row in the database, or publish the event anew and discard this one");
		}
		OutboxRecord dead = letter.event();
		byte[] payload = (repair.payload() != null) ? repair.payload() : dead.payload();
		if (payload.length > this.maxPayloadSize) {
			throw refused(letter, "its payload has " + payload.length
					+ " bytes, more than outbox.write.max-payload-size=" + this.maxPayloadSize,
					"Make it smaller, or raise the limit together with the broker's");
		}
		text(letter, "content type", repair.contentType());
		text(letter, "destination", repair.destination());
		OutboxRecord repaired = new OutboxRecord(id, dead.key(), dead.aggregateType(), dead.aggregateId(),
				dead.eventType(), dead.eventVersion(), destination(dead, repair), dead.options(),
				Objects.requireNonNullElse(repair.contentType(), dead.contentType()), headers(letter, repair, id),
				payload, dead.createdAt());
		this.transports.stream()
			.filter((transport) -> transport.transport().equals(dead.destination().transport()))
			.forEach((transport) -> transport.check(repaired));
		return repaired;
	}

	private static Destination destination(OutboxRecord dead, Repair repair) {
		return (repair.destination() != null) ? new Destination(dead.destination().transport(), repair.destination())
				: dead.destination();
	}

	/**
	 * The id is in some headers too, whatever their names are: consumers recognise
	 * duplicates by it.
	 */
	private static Map<String, Object> headers(DeadLetter letter, Repair repair, UUID id) {
		OutboxRecord dead = letter.event();
		Set<String> own = Set.of(DeadLetters.REPLAY_OF_HEADER, "content-type");
		Map<String, Object> headers = new LinkedHashMap<>();
		dead.headers()
			.forEach((name, value) -> headers.put(name, value.equals(dead.id().toString()) ? id.toString() : value));
		if (repair.headers() != null) {
			repair.headers().forEach((name, value) -> {
				text(letter, "name of a header", name);
				Object before = dead.headers().get(name);
				if (own.contains(name.toLowerCase(Locale.ROOT))
						|| before != null && before.equals(dead.id().toString())) {
					throw refused(letter, "its header " + name + " is the outbox's own", "Leave that header out");
				}
				if (value == null) {
					headers.remove(name);
				}
				else {
					headers.put(name, value);
				}
			});
		}
		headers.put(DeadLetters.REPLAY_OF_HEADER, dead.id().toString());
		return Collections.unmodifiableMap(headers);
	}

	private static void text(DeadLetter letter, String what, @Nullable String value) {
		if (value == null) {
			return;
		}
		if (value.isBlank() || value.length() > LONGEST_TEXT || value.chars().anyMatch(Character::isISOControl)) {
			throw refused(letter,
					"its " + what + " is blank, longer than " + LONGEST_TEXT + " characters, or has control characters",
					"Correct it");
		}
	}

	private static IllegalArgumentException refused(DeadLetter letter, String problem, String remedy) {
		return new IllegalArgumentException("Dead letter " + letter.number() + " cannot be repaired: " + problem
				+ ". Nothing has been changed. " + remedy + ".");
	}

}
