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

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TransportOption;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what is sent in memory, and fails when it is told to. Answers at once, in the
 * thread that sends. Thread-safe.
 */
public final class InMemoryTransport implements OutboxTransport {

	private final String name;

	private final @Nullable OutboxTransport original;

	private final Clock clock;

	private final List<OutboxRecord> records = new ArrayList<>();

	private @Nullable Rule rule;

	/**
	 * Creates a transport.
	 * @param name the name by which destinations refer to it
	 */
	public InMemoryTransport(String name) {
		this(name, null);
	}

	private InMemoryTransport(String name, @Nullable OutboxTransport original) {
		this.name = name;
		this.original = original;
		this.clock = Clock.systemUTC();
	}

	/**
	 * Creates a transport that takes the place of another one: it has the same name and
	 * options, and refuses what that would refuse, but sends nothing to its broker.
	 * @param original the other one, which is closed with this one
	 * @return the transport
	 */
	public static InMemoryTransport insteadOf(OutboxTransport original) {
		return new InMemoryTransport(original.name(), original);
	}

	/**
	 * Returns what was sent and acknowledged, in this order.
	 * @return the records, a copy
	 */
	public synchronized List<OutboxRecord> records() {
		return List.copyOf(this.records);
	}

	/**
	 * Forgets what was sent.
	 */
	public synchronized void clear() {
		this.records.clear();
	}

	/**
	 * Fails as a broker that cannot be reached, until {@link #heal()}.
	 */
	public void breakDown() {
		failFor((event) -> true,
				new SendFailure(FailureKind.UNAVAILABLE, "The broker is down in this test", null, false));
	}

	/**
	 * Lets the next attempts fail, whatever they send. Replaces what failed before.
	 * @param attempts how many
	 * @param failure how
	 */
	public synchronized void failNext(int attempts, SendFailure failure) {
		this.rule = new Rule((event) -> true, failure, attempts);
	}

	/**
	 * Lets all attempts fail to send certain events, until {@link #heal()}. Replaces what
	 * failed before.
	 * @param which the events
	 * @param failure how
	 */
	public synchronized void failFor(Predicate<OutboxRecord> which, SendFailure failure) {
		this.rule = new Rule(which, failure, Integer.MAX_VALUE);
	}

	/**
	 * Fails no more.
	 */
	public synchronized void heal() {
		this.rule = null;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public Collection<TransportOption<?>> options() {
		return (this.original != null) ? this.original.options() : List.of();
	}

	@Override
	public Map<String, Object> defaultOptions() {
		return (this.original != null) ? this.original.defaultOptions() : Map.of();
	}

	@Override
	public void check(OutboxRecord event) {
		if (this.original != null) {
			this.original.check(event);
		}
	}

	@Override
	public void send(List<? extends Delivery> batch) {
		batch.forEach((delivery) -> delivery.complete(answer(delivery.record())));
	}

	private synchronized SendResult answer(OutboxRecord event) {
		Rule current = this.rule;
		if (current != null && current.which.test(event)) {
			this.rule = (current.attempts > 1) ? new Rule(current.which, current.failure, current.attempts - 1) : null;
			return SendResult.failed(event, this.clock.instant(), current.failure);
		}
		this.records.add(event);
		return SendResult.acknowledged(event, this.clock.instant(), "memory-" + this.records.size());
	}

	@Override
	public void close() {
		if (this.original != null) {
			this.original.close();
		}
	}

	@Override
	public String toString() {
		return "InMemoryTransport[" + this.name + "]";
	}

	/**
	 * What fails.
	 *
	 * @param which for which events
	 * @param failure how
	 * @param attempts for how many attempts more
	 */
	private record Rule(Predicate<OutboxRecord> which, SendFailure failure, int attempts) {

	}

}
