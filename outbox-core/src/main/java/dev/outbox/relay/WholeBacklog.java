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

package dev.outbox.relay;

import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogStore;
import org.jspecify.annotations.Nullable;

/**
 * Measures from the first row that the relay of this instance waits for, which saves the
 * walk over what was deleted before it; but not blindly: the relay passes over events of
 * transports that it does not have. So everything is looked at now and then, and as long
 * as there is any such event.
 */
public final class WholeBacklog implements BacklogStore {

	private final BacklogStore store;

	private final Supplier<Set<String>> transports;

	private final Duration blind;

	private final LongSupplier nanoTime;

	private @Nullable Long wholeAt;

	private boolean foreign;

	/**
	 * Creates the store.
	 * @param store what measures
	 * @param transports returns the names of the transports whose events the relay sees
	 * @param blind for how long not everything need be looked at
	 */
	public WholeBacklog(BacklogStore store, Supplier<Set<String>> transports, Duration blind) {
		this(store, transports, blind, System::nanoTime);
	}

	WholeBacklog(BacklogStore store, Supplier<Set<String>> transports, Duration blind, LongSupplier nanoTime) {
		this.store = store;
		this.transports = transports;
		this.blind = blind;
		this.nanoTime = nanoTime;
	}

	@Override
	public Backlog measure(long fromSeq) {
		long now = this.nanoTime.getAsLong();
		boolean whole = this.foreign || this.wholeAt == null || now - this.wholeAt >= this.blind.toNanos();
		Backlog backlog = this.store.measure(whole ? 0 : fromSeq);
		if (whole) {
			this.wholeAt = now;
		}
		Set<String> own = this.transports.get();
		this.foreign = backlog.destinations()
			.keySet()
			.stream()
			.anyMatch((destination) -> !own.contains(destination.transport()));
		return backlog;
	}

}
