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

package dev.outbox.test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.outbox.Destination;
import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.relay.FailureText;
import dev.outbox.relay.Ordering;
import dev.outbox.retry.RetryDecision;
import dev.outbox.store.Claim;
import dev.outbox.store.EventRef;
import dev.outbox.store.GivenUp;
import dev.outbox.store.LeaseStore.BlockedKey;
import dev.outbox.store.LeaseStore.Leases;
import dev.outbox.store.Position;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.ReadScope;
import dev.outbox.store.RelayStore;
import dev.outbox.store.StoredEvent;
import dev.outbox.transport.OutboxTransport;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@link StepRelay}, which owns all partitions meanwhile.
 */
final class StepSession {

	private static final int BATCH = 1000;

	private static final String OWNED_ELSEWHERE = "Another relay owns %d of the %d partitions of the transport '%s'."
			+ " Nothing was sent. Let it stop, or give this test tables of its own: another application, or another"
			+ " context of these tests whose relay runs (outbox.relay.auto-startup), uses them";

	private final StepRelay.Parts parts;

	private final UUID owner;

	private final TestClock clock;

	private final StepMemory memory;

	private final Map<String, Map<Integer, Long>> owned;

	private final Set<UUID> attempted = new HashSet<>();

	private final Set<Destination> unreachable = new HashSet<>();

	private StepSession(StepRelay.Parts parts, UUID owner, TestClock clock, StepMemory memory,
			Map<String, Map<Integer, Long>> owned) {
		this.parts = parts;
		this.owner = owner;
		this.clock = clock;
		this.memory = memory;
		this.owned = owned;
	}

	static StepSession begin(StepRelay.Parts parts, UUID owner, TestClock clock, StepMemory memory) {
		int partitions = parts.settings().partitions();
		for (String transport : parts.transports().keySet()) {
			int taken = parts.leases().take(owner, transport, partitions).size();
			if (taken < partitions) {
				throw new IllegalStateException(OWNED_ELSEWHERE.formatted(partitions - taken, partitions, transport));
			}
		}
		return new StepSession(parts, owner, clock, memory, parts.leases().observe(owner).owned());
	}

	Leases state() {
		return this.parts.leases().observe(this.owner);
	}

	/**
	 * Sends what is due, each event at most once.
	 */
	List<SendResult> deliver(int attempts) {
		List<SendResult> results = new ArrayList<>();
		int before;
		do {
			before = results.size();
			pass(attempts, results);
		}
		while (results.size() > before && results.size() < attempts);
		return results;
	}

	private void pass(int attempts, List<SendResult> results) {
		Leases state = state();
		Set<Chain> held = new HashSet<>();
		for (StoredEvent row : waiting()) {
			if (results.size() >= attempts) {
				return;
			}
			Chain chain = Chain.of(row, this.parts.settings().routes().ordering(row.event()));
			boolean free = chain == null || !held.contains(chain);
			if (free && isSendable(row, state)) {
				SendResult result = send(row);
				results.add(result);
				free = result.isAcknowledged();
			}
			else {
				free = false;
			}
			if (!free && chain != null && !isScheduled(row)) {
				held.add(chain);
			}
		}
	}

	private boolean isScheduled(StoredEvent row) {
		Instant dueTime = this.memory.dueTime(row);
		return dueTime != null && dueTime.isAfter(this.clock.instant());
	}

	private boolean isSendable(StoredEvent row, Leases state) {
		OutboxRecord event = row.event();
		boolean blocked = event.key() != null
				&& state.blockedKeys().contains(new BlockedKey(event.destination(), event.key()));
		return !blocked && !state.pausedDestinations().contains(event.destination())
				&& !this.unreachable.contains(event.destination()) && !this.attempted.contains(event.id())
				&& this.memory.isDue(row, this.clock);
	}

	/**
	 * Returns all rows, those that were scheduled after the others, as they are when they
	 * have become due.
	 */
	List<StoredEvent> waiting() {
		List<StoredEvent> rows = new ArrayList<>();
		this.parts.transports().keySet().forEach((transport) -> rows.addAll(read(transport)));
		rows.sort(Comparator.comparing((StoredEvent row) -> {
			Instant dueTime = this.memory.dueTime(row);
			return (dueTime != null) ? dueTime : Instant.MIN;
		}).thenComparing(StoredEvent::seq));
		return rows;
	}

	private List<StoredEvent> read(String transport) {
		RelayStore store = this.parts.store();
		Set<Integer> all = this.owned.getOrDefault(transport, Map.of()).keySet();
		while (store.moveDue(this.owner, transport, all, BATCH).moved() >= BATCH) {
			this.parts.leases().renew(this.owner, this.parts.settings().lease());
		}
		ReadScope scope = new ReadScope(transport, all, Set.of(), null);
		List<StoredEvent> rows = new ArrayList<>();
		Position from = store.start();
		boolean drained = false;
		while (!drained) {
			ReadResult result = store
				.read(new ReadRequest(scope, from, Long.MAX_VALUE, BATCH, this.parts.settings().maxInFlightBytes()));
			rows.addAll(complete(result.events()));
			from = result.next();
			drained = result.drained();
		}
		return rows;
	}

	private List<StoredEvent> complete(List<StoredEvent> rows) {
		List<EventRef> bare = rows.stream().filter((row) -> !row.payloadLoaded()).map(StoredEvent::ref).toList();
		Map<Long, byte[]> payloads = bare.isEmpty() ? new HashMap<>() : this.parts.store().payloads(bare);
		return rows.stream().map((row) -> {
			byte[] payload = payloads.get(row.seq());
			return (payload != null) ? row.withPayload(payload) : row;
		}).toList();
	}

	private SendResult send(StoredEvent row) {
		OutboxRecord event = row.event();
		this.attempted.add(event.id());
		this.parts.leases().renew(this.owner, this.parts.settings().lease());
		long start = System.nanoTime();
		SendResult result = answer(row);
		this.parts.listener().onAnswered(event, result, Duration.ofNanos(System.nanoTime() - start));
		SendFailure failure = result.failure();
		if (failure == null) {
			this.parts.store().settle(List.of(row.ref()));
			this.parts.listener().onPublished(event, result);
		}
		else if (failure.kind() == FailureKind.UNAVAILABLE) {
			this.unreachable.add(event.destination());
			this.parts.listener().onRetry(event, result, row.attempts(), Duration.ZERO);
		}
		else {
			refused(row, result, failure);
		}
		return result;
	}

	private SendResult answer(StoredEvent row) {
		OutboxRecord event = row.event();
		Instant now = this.clock.instant();
		if (row.defect() != null) {
			return SendResult.failed(event, now, new SendFailure(FailureKind.FATAL, row.defect(), null));
		}
		this.parts.listener().onSend(event.destination().transport(), 1);
		StepDelivery delivery = new StepDelivery(event);
		Duration timeout = this.parts.settings().publishTimeout();
		try {
			transport(event).send(List.of(delivery));
			return delivery.result().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			return SendResult.failed(event, now,
					SendFailure.timedOut("no answer from the transport within " + timeout, ex, true));
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("A delivery cannot fail", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return SendResult.failed(event, now, new SendFailure(FailureKind.UNAVAILABLE, "interrupted", ex));
		}
	}

	/**
	 * Only events of these are read.
	 */
	private OutboxTransport transport(OutboxRecord event) {
		return Objects.requireNonNull(this.parts.transports().get(event.destination().transport()));
	}

	private Claim claim(StoredEvent row) {
		String transport = row.event().destination().transport();
		Map<Integer, Long> epochs = this.owned.getOrDefault(transport, Map.of());
		return new Claim(this.owner, transport, row.part(), epochs.getOrDefault(row.part(), 0L));
	}

	private void refused(StoredEvent row, SendResult result, SendFailure failure) {
		OutboxRecord event = row.event();
		int attempts = row.attempts() + 1;
		RetryDecision decision = this.parts.retries()
			.decide(failure.kind(), attempts, this.memory.failingFor(row, this.clock));
		Claim claim = claim(row);
		if (decision instanceof RetryDecision.Retry retry) {
			this.memory.failed(row, this.clock.ahead());
			this.parts.store().recordFailure(claim, row.ref(), FailureText.error(failure), retry.delay());
			this.parts.listener().onRetry(event, result, attempts, retry.delay());
		}
		else if (decision instanceof RetryDecision.GiveUp giveUp) {
			boolean block = event.key() != null && this.parts.settings().routes().blocksKeyWhenDead(event);
			GivenUp givenUp = FailureText.givenUp(failure, " (" + giveUp.reason() + ")", row.defect() == null, block,
					this.parts.settings().forwardDead());
			this.parts.store().deadLetter(claim, row.ref(), givenUp);
			this.parts.listener().onDead(event, givenUp.error(), attempts);
		}
	}

	/**
	 * Events that wait for each other.
	 *
	 * @param destination where they go
	 * @param key their key
	 */
	private record Chain(Destination destination, String key) {

		static @Nullable Chain of(StoredEvent row, Ordering ordering) {
			String key = row.event().key();
			return (key != null && ordering != Ordering.NONE) ? new Chain(row.event().destination(), key) : null;
		}

	}

}
