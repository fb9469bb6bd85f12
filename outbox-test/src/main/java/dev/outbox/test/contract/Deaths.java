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

package dev.outbox.it.store;

import java.util.List;
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
final class Deaths {

	static final String FINGERPRINT = "0123456789abcdef";

	private final DatabaseHarness harness;

	private @Nullable UUID owner;

	Deaths(DatabaseHarness harness) {
		this.harness = harness;
	}

	/**
	 * Writes an event that is given up at once.
	 */
	DeadLetter of(String key) {
		return of(key, because("refused"));
	}

	DeadLetter of(String key, GivenUp why) {
		this.harness.insert(key, "dead");
		List<StoredEvent> rows = waiting(key);
		return of(rows.get(rows.size() - 1), why);
	}

	/**
	 * Writes an event that is given up at once, and for which its key waits.
	 */
	DeadLetter blocking(String key) {
		return of(key, new GivenUp("refused", FINGERPRINT, null, true, true, false));
	}

	/**
	 * Writes an event that is given up at once, and is to be forwarded.
	 */
	DeadLetter forwarded(String key) {
		return of(key, new GivenUp("refused", FINGERPRINT, "at dev.outbox.Test", true, false, true));
	}

	static GivenUp because(String error) {
		return new GivenUp(error, FINGERPRINT, null, true, false, false);
	}

	DeadLetter of(StoredEvent row, GivenUp why) {
		assertThat(this.harness.relay().deadLetter(claim(row.part()), row.ref(), why)).isTrue();
		return this.harness.deadLetters()
			.find(this.harness.lastDeadLetter())
			.filter((letter) -> letter.event().id().equals(row.event().id()))
			.orElseThrow();
	}

	/**
	 * Returns the events of a key that wait, in their order.
	 */
	List<StoredEvent> waiting(String key) {
		return this.harness.scan()
			.step(Long.MAX_VALUE, 1000, Long.MAX_VALUE)
			.events()
			.stream()
			.filter((row) -> key.equals(row.event().key()))
			.toList();
	}

	private Claim claim(int part) {
		if (this.owner == null) {
			this.owner = this.harness.claim("a").owner();
		}
		return new Claim(this.owner, "test", part,
				this.harness.leases().observe(this.owner).owned().get("test").get(part));
	}

	Claim claimOf(StoredEvent row) {
		return claim(row.part());
	}

}
