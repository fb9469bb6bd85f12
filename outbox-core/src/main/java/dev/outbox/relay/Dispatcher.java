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
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

import dev.outbox.store.EventRef;
import dev.outbox.transport.OutboxTransport;

/**
 * Hands rows to the transport, each destination in turn.
 */
final class Dispatcher {

	private static final int BATCH = 500;

	/**
	 * When this many rows went out at once, there are probably more.
	 */
	static final int MANY = BATCH / 2;

	private final Memory memory;

	private final Reads reads;

	private final OutboxTransport transport;

	private final Consumer<Attempt> sink;

	private final IntConsumer onSend;

	Dispatcher(Memory memory, Reads reads, OutboxTransport transport, Consumer<Attempt> sink, IntConsumer onSend) {
		this.memory = memory;
		this.reads = reads;
		this.transport = transport;
		this.sink = sink;
		this.onSend = onSend;
	}

	/**
	 * Sends some of what may be sent.
	 * @return how many rows
	 */
	int dispatch(long now) {
		List<Entry> batch = new ArrayList<>();
		for (int turns = this.memory.active().size(); turns > 0 && batch.size() < BATCH; turns--) {
			DestinationState destination = this.memory.active().remove();
			destination.active(false);
			take(destination, batch, now);
			this.memory.activate(destination);
		}
		int size = batch.size();
		if (size > 0) {
			send(batch, now);
		}
		return size;
	}

	private void take(DestinationState destination, List<Entry> batch, long now) {
		int share = Math.max(1, BATCH / (1 + this.memory.active().size()));
		// A destination that does not answer must leave room for the others.
		int max = this.memory.window().maxEvents() / (this.memory.hasSeveralDestinations() ? 2 : 1);
		while (share > 0 && destination.maySend() && destination.out() < max) {
			Chain chain = destination.ready().poll();
			if (chain == null) {
				return;
			}
			chain.queued(false);
			if (!chain.isSendable()) {
				this.memory.offer(chain, now);
				continue;
			}
			Entry entry = chain.waiting().remove();
			leave(entry);
			if (entry.isCareful() || entry.row().defect() != null) {
				this.memory.careful().add(entry);
			}
			else {
				batch.add(entry);
				share--;
			}
			this.memory.offer(chain, now);
		}
	}

	/**
	 * Notes that a row is on its way out.
	 */
	void leave(Entry entry) {
		entry.state(Entry.State.OUT);
		entry.chain().sent();
		entry.chain().destination().sent();
	}

	/**
	 * Hands rows to the transport that have left their chains.
	 */
	void send(List<Entry> batch, long now) {
		load(batch, now);
		List<Attempt> attempts = new ArrayList<>(batch.size());
		for (Entry entry : batch) {
			Attempt attempt = new Attempt(entry, now, this.memory, this.sink);
			entry.attempt(attempt);
			attempts.add(attempt);
		}
		this.onSend.accept(attempts.size());
		this.transport.send(attempts);
	}

	private void load(List<Entry> batch, long now) {
		List<EventRef> missing = new ArrayList<>();
		for (Entry entry : batch) {
			if (!entry.row().payloadLoaded()) {
				missing.add(entry.row().ref());
			}
		}
		if (missing.isEmpty()) {
			return;
		}
		Map<Long, byte[]> payloads;
		try {
			payloads = this.reads.payloads(missing);
		}
		catch (RuntimeException ex) {
			batch.forEach((entry) -> putBack(entry, now));
			throw ex;
		}
		batch.removeIf((entry) -> {
			byte[] payload = payloads.get(entry.row().seq());
			if (payload != null) {
				entry.load(payload);
			}
			else if (!entry.row().payloadLoaded()) {
				// Somebody else has delivered or removed it.
				answered(entry);
				this.memory.remove(entry);
				this.memory.offer(entry.chain(), now);
				return true;
			}
			return false;
		});
	}

	/**
	 * Undoes that a row is on its way: it will be read again, before the later ones of
	 * its chain.
	 */
	void putBack(Entry entry, long now) {
		Chain chain = entry.chain();
		answered(entry);
		this.memory.remove(entry);
		if (this.memory.isToBeReadAgain(entry)) {
			chain.spill(entry.row().seq());
			this.memory.dropWaiting(chain, true);
		}
		this.memory.offer(chain, now);
	}

	/**
	 * Notes that a row is not on its way any more.
	 */
	void answered(Entry entry) {
		entry.attempt(null);
		entry.chain().answered();
		entry.chain().destination().answered();
	}

}
