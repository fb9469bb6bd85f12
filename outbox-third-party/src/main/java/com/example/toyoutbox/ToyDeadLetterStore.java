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

package com.example.toyoutbox;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.DeadLetterFilter;
import dev.outbox.store.DeadLetterGroup;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.store.LeaseStore.BlockedKey;
import dev.outbox.store.Operator;
import org.jspecify.annotations.Nullable;

/**
 * What was given up. Keeps no audit.
 */
public final class ToyDeadLetterStore implements DeadLetterStore {

	private static final byte[] NOT_LOADED = new byte[0];

	private final ToyDatabase database;

	/**
	 * Creates the store.
	 * @param database where the dead letters are
	 */
	public ToyDeadLetterStore(ToyDatabase database) {
		this.database = database;
	}

	@Override
	public List<DeadLetter> list(DeadLetterFilter filter, long afterNumber, int limit) {
		synchronized (this.database) {
			return matching(filter).filter((letter) -> letter.number() > afterNumber)
				.limit(limit)
				.map((letter) -> shown(letter, letter.event().withPayload(NOT_LOADED), null))
				.toList();
		}
	}

	@Override
	public List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit) {
		synchronized (this.database) {
			return matching(filter).collect(Collectors.groupingBy(Cause::of))
				.entrySet()
				.stream()
				.map((group) -> group(group.getKey(), group.getValue()))
				.sorted(Comparator.comparing(DeadLetterGroup::count).reversed())
				.limit(limit)
				.toList();
		}
	}

	private static DeadLetterGroup group(Cause cause, List<DeadLetter> letters) {
		DeadLetter last = letters.get(letters.size() - 1);
		return new DeadLetterGroup(cause.fingerprint(), cause.destination(), cause.eventType(), letters.size(),
				letters.get(0).diedAt(), last.diedAt(), last.number(), last.error());
	}

	@Override
	public long count(DeadLetterFilter filter, long lastNumber) {
		synchronized (this.database) {
			return matching(filter).filter((letter) -> letter.number() <= lastNumber).count();
		}
	}

	@Override
	public long lastNumber() {
		synchronized (this.database) {
			return this.database.letters.isEmpty() ? 0 : this.database.letters.lastKey();
		}
	}

	@Override
	public Optional<DeadLetter> find(long number) {
		synchronized (this.database) {
			return Optional.ofNullable(this.database.letters.get(number))
				.map((letter) -> shown(letter, letter.event(), letter.stackTrace()));
		}
	}

	@Override
	public Optional<DeadLetter> find(UUID eventId) {
		synchronized (this.database) {
			return matching(DeadLetterFilter.all()).filter((letter) -> letter.event().id().equals(eventId))
				.findFirst()
				.map((letter) -> shown(letter, letter.event(), letter.stackTrace()));
		}
	}

	@Override
	public boolean replay(long number, Operator operator) {
		return putBack(number, null);
	}

	@Override
	public boolean replace(long number, OutboxRecord repaired, Operator operator) {
		return putBack(number, repaired);
	}

	/**
	 * Only the head of a blocked key goes back to its place: what follows it has waited.
	 */
	private boolean putBack(long number, @Nullable OutboxRecord repaired) {
		synchronized (this.database) {
			DeadLetter letter = this.database.letters.remove(number);
			if (letter == null) {
				return false;
			}
			long seq = unblock(letter) ? letter.seq() : this.database.nextSeq();
			this.database.show(seq, letter.part(), (repaired != null) ? repaired : letter.event());
			return true;
		}
	}

	@Override
	public boolean discard(long number, Operator operator) {
		synchronized (this.database) {
			DeadLetter letter = this.database.letters.remove(number);
			if (letter != null) {
				unblock(letter);
			}
			return letter != null;
		}
	}

	private boolean unblock(DeadLetter letter) {
		return this.database.blocked.values().remove(letter.number());
	}

	private Stream<DeadLetter> matching(DeadLetterFilter filter) {
		return this.database.letters.values().stream().filter((letter) -> matches(filter, letter));
	}

	private static boolean matches(DeadLetterFilter filter, DeadLetter letter) {
		OutboxRecord event = letter.event();
		return isOrAny(filter.eventType(), event.eventType()) && isOrAny(filter.key(), event.key())
				&& isOrAny(filter.transport(), event.destination().transport())
				&& isOrAny(filter.destination(), event.destination().name())
				&& isOrAny(filter.fingerprint(), letter.fingerprint())
				&& (filter.error() == null || letter.error().contains(filter.error()))
				&& (filter.diedFrom() == null || !letter.diedAt().isBefore(filter.diedFrom()))
				&& (filter.diedBefore() == null || letter.diedAt().isBefore(filter.diedBefore()))
				&& letter.attempts() >= filter.minAttempts();
	}

	private static boolean isOrAny(@Nullable String wanted, @Nullable String value) {
		return wanted == null || wanted.equals(value);
	}

	private DeadLetter shown(DeadLetter letter, OutboxRecord event, @Nullable String stackTrace) {
		String key = event.key();
		boolean blocks = key != null && Long.valueOf(letter.number())
			.equals(this.database.blocked.get(new BlockedKey(event.destination(), key)));
		return new DeadLetter(letter.number(), letter.seq(), letter.part(), event, letter.payloadSize(),
				letter.attempts(), letter.firstFailedAt(), letter.diedAt(), letter.error(), letter.fingerprint(),
				stackTrace, blocks, letter.defect());
	}

	/**
	 * What the dead letters of a group have in common.
	 *
	 * @param fingerprint fingerprint of their error
	 * @param destination where they were to go
	 * @param eventType their logical type
	 */
	private record Cause(String fingerprint, Destination destination, String eventType) {

		static Cause of(DeadLetter letter) {
			return new Cause(letter.fingerprint(), letter.event().destination(), letter.event().eventType());
		}

	}

}
