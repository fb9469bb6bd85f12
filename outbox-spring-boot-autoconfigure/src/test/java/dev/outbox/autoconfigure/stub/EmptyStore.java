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

package dev.outbox.autoconfigure.stub;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.outbox.store.Backlog;
import dev.outbox.store.BacklogStore;
import dev.outbox.store.Claim;
import dev.outbox.store.CommitSignals;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.KeyRead;
import dev.outbox.store.LeaseStore;
import dev.outbox.store.Position;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.RelayStore;

/**
 * A store without a row, whose one instance owns everything.
 */
public class EmptyStore implements RelayStore, LeaseStore, BacklogStore, CommitSignals {

	private final Map<String, Map<Integer, Long>> owned = new HashMap<>();

	public final AtomicBoolean joined = new AtomicBoolean();

	@Override
	public Position start() {
		return () -> 0;
	}

	@Override
	public ReadResult read(ReadRequest request) {
		return new ReadResult(List.of(), request.from(), true);
	}

	@Override
	public Position merge(Position main, Position joining) {
		return main;
	}

	@Override
	public KeyRows readKey(KeyRead read) {
		return new KeyRows(List.of(), true);
	}

	@Override
	public Map<Long, byte[]> payloads(Collection<EventRef> rows) {
		return Map.of();
	}

	@Override
	public void settle(Collection<EventRef> acknowledged) {
	}

	@Override
	public boolean recordFailure(Claim claim, EventRef row, String error, Duration retryIn) {
		return false;
	}

	@Override
	public boolean recordCarefulSend(Claim claim, EventRef row) {
		return false;
	}

	@Override
	public boolean withdrawCarefulSend(Claim claim, EventRef row) {
		return false;
	}

	@Override
	public boolean deadLetter(Claim claim, EventRef row, GivenUp givenUp) {
		return false;
	}

	@Override
	public DueMove moveDue(UUID owner, String transport, Collection<Integer> parts, int limit) {
		return new DueMove(0, null);
	}

	@Override
	public void join(UUID instance, String name, Set<String> transports, Duration ttl) {
		this.joined.set(true);
	}

	@Override
	public boolean renew(UUID instance, Duration ttl) {
		return true;
	}

	@Override
	public synchronized Leases observe(UUID instance) {
		Map<String, Map<Integer, Long>> copy = new HashMap<>();
		this.owned.forEach((transport, parts) -> copy.put(transport, Map.copyOf(parts)));
		return new Leases(Map.of(), copy, Set.of(), Set.of());
	}

	@Override
	public synchronized List<TakenPartition> take(UUID instance, String transport, int count) {
		Map<Integer, Long> parts = this.owned.computeIfAbsent(transport, (name) -> new HashMap<>());
		int from = parts.size();
		for (int part = from; part < from + count; part++) {
			parts.put(part, 1L);
		}
		return parts.keySet()
			.stream()
			.filter((part) -> part >= from)
			.map((part) -> new TakenPartition(part, 1, false))
			.toList();
	}

	@Override
	public synchronized void release(UUID instance, String transport, Collection<Integer> parts) {
		this.owned.getOrDefault(transport, Map.of()).keySet().removeAll(parts);
	}

	@Override
	public synchronized void leave(UUID instance) {
		this.owned.clear();
		this.joined.set(false);
	}

	@Override
	public Backlog measure(long fromSeq) {
		return new Backlog(0, Duration.ZERO, 0, 0);
	}

	@Override
	public void listen(Runnable onSignal) {
	}

	@Override
	public boolean isListening() {
		return true;
	}

	@Override
	public void signal() {
	}

	@Override
	public void close() {
	}

}
