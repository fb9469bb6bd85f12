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

import java.util.ArrayList;
import java.util.List;

import dev.outbox.FailureKind;
import dev.outbox.SendFailure;
import dev.outbox.store.Claim;
import dev.outbox.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * Sends the rows whose last owner died, for one of them may be what killed it: one at a
 * time, and never without a note in the database. A row that has been the last note of
 * {@value #MAX_CRASHES} processes is a dead letter, and so is one that cannot be sent as
 * it is.
 */
final class CarefulSender {

	static final int MAX_CRASHES = 3;

	private final LaneContext lane;

	private final Memory memory;

	private final Dispatcher dispatcher;

	private final Outcomes outcomes;

	private @Nullable Entry current;

	private boolean stopped;

	CarefulSender(LaneContext lane, Memory memory, Dispatcher dispatcher, Outcomes outcomes) {
		this.lane = lane;
		this.memory = memory;
		this.dispatcher = dispatcher;
		this.outcomes = outcomes;
	}

	/**
	 * Starts the next row if the last one has been answered.
	 * @return whether there was anything to do
	 */
	boolean turn(long now) {
		if (this.current != null && this.current.state() == Entry.State.OUT) {
			return false;
		}
		this.current = null;
		Entry next = this.memory.careful().poll();
		if (next == null) {
			return false;
		}
		Long epoch = this.memory.owned().get(next.row().part());
		if (epoch == null || !next.chain().destination().accepts(true)) {
			this.dispatcher.putBack(next, now);
			return true;
		}
		this.current = next;
		Claim claim = this.outcomes.claim(next.row(), epoch);
		String reason = unsendable(next.row());
		if (reason != null) {
			this.outcomes.bury(next, claim, new SendFailure(FailureKind.FATAL, reason, null), "", false);
			return true;
		}
		this.lane.settler().record(next.row().event(), () -> {
			boolean announced = this.lane.store().recordCarefulSend(claim, next.row().ref());
			this.lane.post(() -> announced(next, announced));
		});
		return true;
	}

	private static @Nullable String unsendable(StoredEvent row) {
		if (row.defect() != null) {
			return row.defect();
		}
		return (row.crashes() < MAX_CRASHES) ? null
				: "the process died " + row.crashes() + " times while it was sending this event";
	}

	private void announced(Entry entry, boolean announced) {
		long now = System.nanoTime();
		if (announced && !this.stopped && this.lane.term().isValid()) {
			this.dispatcher.send(new ArrayList<>(List.of(entry)), now);
		}
		else {
			if (announced) {
				this.outcomes.withdraw(entry);
			}
			this.dispatcher.putBack(entry, now);
		}
	}

	/**
	 * Starts no more rows.
	 */
	void stop() {
		this.stopped = true;
		long now = System.nanoTime();
		for (Entry next = this.memory.careful().poll(); next != null; next = this.memory.careful().poll()) {
			this.dispatcher.putBack(next, now);
		}
	}

}
