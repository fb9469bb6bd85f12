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

package dev.outbox.test.contract;

import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.outbox.store.Claim;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.GivenUp;
import dev.outbox.store.StoredEvent;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Gives events up, as the owner of all partitions.
 */
public final class Deaths {

	/**
	 * The fingerprint of what is given up without another one.
	 */
	public static final String FINGERPRINT = "0123456789abcdef";

	private final StoreHarness harness;

	private @Nullable UUID owner;

	/**
	 * Takes all partitions when they are needed first.
	 * @param harness the store
	 */
	public Deaths(StoreHarness harness) {
		this.harness = harness;
	}

	/**
	 * Writes an event that is given up at once.
	 * @param key its key
	 * @return its dead letter
	 */
	public DeadLetter of(String key) {
		return of(key, because("refused"));
	}

	/**
	 * Writes an event that is given up at once.
	 * @param key its key
	 * @param why the reason
	 * @return its dead letter
	 */
	public DeadLetter of(String key, GivenUp why) {
		this.harness.insert(key, "dead");
		List<StoredEvent> rows = waiting(key);
		return of(rows.get(rows.size() - 1), why);
	}

	/**
	 * Writes an event that is given up at once, and for which its key waits.
	 * @param key its key
	 * @return its dead letter
	 */
	public DeadLetter blocking(String key) {
		return of(key, new GivenUp("refused", FINGERPRINT, null, true, true, false));
	}

	/**
	 * Writes an event that is given up at once, and is to be forwarded.
	 * @param key its key
	 * @return its dead letter
	 */
	public DeadLetter forwarded(String key) {
		return of(key, new GivenUp("refused", FINGERPRINT, "at dev.outbox.Test", true, false, true));
	}

	/**
	 * Returns a reason that blocks no key.
	 * @param error why
	 * @return the reason
	 */
	public static GivenUp because(String error) {
		return new GivenUp(error, FINGERPRINT, null, true, false, false);
	}

	/**
	 * Gives an event up that waits.
	 * @param row the event
	 * @param why the reason
	 * @return its dead letter
	 */
	public DeadLetter of(StoredEvent row, GivenUp why) {
		assertThat(this.harness.relay().deadLetter(claimOf(row), row.ref(), why))
			.as("the owner of partition %s gives event %s up", row.part(), row.ref())
			.isTrue();
		return this.harness.deadLetters()
			.find(this.harness.lastDeadLetter())
			.filter((letter) -> letter.event().id().equals(row.event().id()))
			.orElseThrow(() -> new AssertionError(
					"The dead letter that is listed last is not the one that came last, of event " + row.ref()));
	}

	/**
	 * Returns the events of a key that wait, in their order.
	 * @param key the key
	 * @return the events
	 */
	public List<StoredEvent> waiting(String key) {
		return this.harness.scan()
			.step(Long.MAX_VALUE, 1000, Long.MAX_VALUE)
			.events()
			.stream()
			.filter((row) -> key.equals(row.event().key()))
			.toList();
	}

	/**
	 * Returns the claim of the owner on the partition of an event.
	 * @param row the event
	 * @return the claim
	 */
	public Claim claimOf(StoredEvent row) {
		if (this.owner == null) {
			this.owner = this.harness.claim("a").owner();
		}
		Long epoch = this.harness.leases().observe(this.owner).owned().getOrDefault("test", Map.of()).get(row.part());
		if (epoch == null) {
			throw new AssertionError("The only instance does not own partition " + row.part() + " any more");
		}
		return new Claim(this.owner, "test", row.part(), epoch);
	}

}
