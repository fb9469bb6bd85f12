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

import java.util.Set;

import dev.outbox.store.RelayStore.DueMove;
import org.jspecify.annotations.Nullable;

/**
 * Moves events that have become due to where the lane reads. Only those of partitions
 * that this instance owns: two movers could change their order.
 */
final class DueMover implements Worker.Loop {

	private final SharedParts shared;

	private final String transport;

	private final Runnable onMoved;

	private final Worker worker;

	private volatile @Nullable Domain domain;

	DueMover(SharedParts shared, String transport, Runnable onMoved) {
		this.shared = shared;
		this.transport = transport;
		this.onMoved = onMoved;
		this.worker = new Worker("outbox-due-" + transport, this);
	}

	Worker worker() {
		return this.worker;
	}

	void owned(@Nullable Term term, Set<Integer> parts) {
		this.domain = (term != null && !parts.isEmpty()) ? new Domain(term, parts) : null;
		this.worker.signal();
	}

	/**
	 * Another event has been scheduled: it may be due before all others.
	 */
	void reconsider() {
		this.worker.signal();
	}

	@Override
	public long turn() {
		Domain current = this.domain;
		long wait = this.shared.settings().pollInterval().toNanos();
		if (current == null || !current.term.isValid()) {
			return wait;
		}
		int limit = this.shared.settings().batchSize();
		DueMove move = this.shared.store().moveDue(current.term.instance(), this.transport, current.parts, limit);
		if (move.moved() > 0) {
			this.onMoved.run();
		}
		if (move.moved() >= limit) {
			return 0;
		}
		return (move.nextIn() != null) ? Math.max(1, Math.min(wait, move.nextIn().toNanos())) : wait;
	}

	/**
	 * Whose events are moved.
	 *
	 * @param term the lease
	 * @param parts the partitions
	 */
	private record Domain(Term term, Set<Integer> parts) {

	}

}
