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

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.store.Claim;
import dev.outbox.store.DeadLetter;
import dev.outbox.store.EventRef;
import dev.outbox.store.LeaseStore.BlockedKey;
import dev.outbox.store.NewEvent;
import org.jspecify.annotations.Nullable;

/**
 * A database in the memory of the JVM: values of the application, and its outbox. What a
 * transaction writes is seen by others when it has committed, as a whole. All that is
 * here is read and changed by who holds its monitor.
 */
public final class ToyDatabase {

	final NavigableMap<Long, ToyRow> events = new TreeMap<>();

	final List<NewEvent> scheduled = new ArrayList<>();

	final NavigableMap<Long, DeadLetter> letters = new TreeMap<>();

	/**
	 * Which dead letter each blocked key waits for.
	 */
	final Map<BlockedKey, Long> blocked = new HashMap<>();

	final Set<Destination> paused = new HashSet<>();

	final Map<UUID, Instance> instances = new HashMap<>();

	final Map<Part, Ownership> ownerships = new HashMap<>();

	/**
	 * Who holds which idempotency key, until that is removed, the oldest first.
	 */
	final Map<String, IdempotencyClaim> claims = new LinkedHashMap<>();

	/**
	 * The transactions that hold keys and have not ended.
	 */
	final Map<String, ToyTransaction> openClaims = new HashMap<>();

	final Map<String, String> values = new HashMap<>();

	private final Clock clock;

	private final int partitions;

	private long lastSeq;

	private long lastChange;

	/**
	 * Creates an empty database.
	 * @param clock tells when leases expire and events are due
	 * @param partitions how many partitions the outbox has
	 */
	public ToyDatabase(Clock clock, int partitions) {
		this.clock = clock;
		this.partitions = partitions;
	}

	/**
	 * Writes a value in the transaction of the calling thread.
	 * @param name its name
	 * @param value the value
	 */
	public void write(String name, String value) {
		ToyTransaction.current(this).write(name, value);
	}

	/**
	 * Reads a value that was committed.
	 * @param name its name
	 * @return the value, {@code null} if there is none
	 */
	public synchronized @Nullable String read(String name) {
		return this.values.get(name);
	}

	Instant now() {
		return this.clock.instant();
	}

	int partitions() {
		return this.partitions;
	}

	synchronized long nextSeq() {
		return ++this.lastSeq;
	}

	long lastChange() {
		return this.lastChange;
	}

	/**
	 * Makes rows visible that were not: behind a scan, too, which is why rows say with
	 * which change that was.
	 */
	synchronized void show(List<ToyRow> rows) {
		long change = ++this.lastChange;
		for (ToyRow row : rows) {
			row.change = change;
			this.events.put(row.seq, row);
		}
	}

	void show(long seq, int part, OutboxRecord event) {
		show(List.of(new ToyRow(seq, part, event)));
	}

	/**
	 * Returns the row if it is still there, and the one that is meant.
	 */
	@Nullable ToyRow find(EventRef ref) {
		ToyRow row = this.events.get(ref.seq());
		return (row != null && row.event.id().equals(ref.id())) ? row : null;
	}

	/**
	 * Returns the row if the claim is good for it.
	 */
	@Nullable ToyRow find(Claim claim, EventRef ref) {
		ToyRow row = find(ref);
		boolean meant = row != null && row.part == claim.part()
				&& row.event.destination().transport().equals(claim.transport());
		Ownership ownership = this.ownerships.get(new Part(claim.transport(), claim.part()));
		return (meant && ownership != null && claim.owner().equals(ownership.owner())
				&& claim.epoch() == ownership.epoch()) ? row : null;
	}

	boolean isAlive(@Nullable UUID instance) {
		Instance known = this.instances.get(instance);
		return known != null && known.expiresAt().isAfter(now());
	}

	/**
	 * One process.
	 *
	 * @param transports what it can send through
	 * @param expiresAt when its lease ends
	 */
	record Instance(Set<String> transports, Instant expiresAt) {

	}

	/**
	 * A partition of a transport.
	 *
	 * @param transport name of the transport
	 * @param number its number
	 */
	record Part(String transport, int number) {

	}

	/**
	 * Who has a partition.
	 *
	 * @param owner the instance, {@code null} if it was given back
	 * @param epoch how often it was taken
	 */
	record Ownership(@Nullable UUID owner, long epoch) {

	}

	/**
	 * An idempotency key that is held.
	 *
	 * @param id id of the event that holds it
	 * @param since since when
	 */
	record IdempotencyClaim(UUID id, Instant since) {

	}

}
