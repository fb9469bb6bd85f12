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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;

import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.listener.OutboxListener;
import dev.outbox.payload.EventType;
import dev.outbox.payload.EventTypes;

/**
 * What has become of the events of a test: which were stored, because their transactions
 * have committed, and which of these a broker has acknowledged. Also a parameter of test
 * methods, with {@link OutboxExtension}. Thread-safe.
 * <p>
 * Knows of this application only: events that another process has stored are not among
 * those stored, but are among those published if the relay of this one has sent them.
 */
public final class PublishedEvents implements OutboxListener {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final EventTypes types;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final List<OutboxRecord> stored = new ArrayList<>();

	private final List<OutboxRecord> published = new ArrayList<>();

	private final List<String> failures = new ArrayList<>();

	/**
	 * Creates the memory of an application.
	 * @param types what the classes of its events are called
	 */
	public PublishedEvents(EventTypes types) {
		this.types = types;
	}

	/**
	 * Returns the events whose transactions have committed, in the order of the commits.
	 * @return the events, a copy
	 */
	public List<OutboxRecord> stored() {
		return locked(() -> List.copyOf(this.stored));
	}

	/**
	 * Returns the events that a broker has acknowledged, in this order.
	 * @return the events, a copy
	 */
	public List<OutboxRecord> published() {
		return locked(() -> List.copyOf(this.published));
	}

	/**
	 * Waits up to ten seconds for an event to be published.
	 * @param eventType its logical type
	 * @return the first one of the type
	 * @throws AssertionError if none was published; says what was stored, published and
	 * refused
	 */
	public OutboxRecord awaitPublished(String eventType) {
		return awaitPublished("an event of type '" + eventType + "'", (event) -> event.eventType().equals(eventType),
				PATIENCE);
	}

	/**
	 * Waits up to ten seconds for an event to be published.
	 * @param eventClass its class
	 * @return the first one of the class's type
	 * @throws AssertionError if none was published; says what was stored, published and
	 * refused
	 */
	public OutboxRecord awaitPublished(Class<?> eventClass) {
		return awaitPublished(typeOf(eventClass).name());
	}

	/**
	 * Waits for an event to be published.
	 * @param what what is waited for, in words
	 * @param which the events that are meant
	 * @param timeout how long to wait at most
	 * @return the first one
	 * @throws AssertionError if none was published; says what was stored, published and
	 * refused
	 */
	public OutboxRecord awaitPublished(String what, Predicate<OutboxRecord> which, Duration timeout) {
		long left = timeout.toNanos();
		this.lock.lock();
		try {
			while (true) {
				OutboxRecord found = this.published.stream().filter(which).findFirst().orElse(null);
				if (found != null) {
					return found;
				}
				if (left <= 0) {
					throw new AssertionError(
							"No broker has acknowledged " + what + " within " + timeout + ".\n" + describe());
				}
				left = this.changed.awaitNanos(left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError("Interrupted while waiting for " + what + ".\n" + describe(), ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Forgets everything.
	 */
	public void clear() {
		change(() -> {
			this.stored.clear();
			this.published.clear();
			this.failures.clear();
		});
	}

	@Override
	public void onStored(List<OutboxRecord> events) {
		change(() -> this.stored.addAll(events));
	}

	@Override
	public void onPublished(OutboxRecord event, SendResult result) {
		change(() -> this.published.add(event));
	}

	@Override
	public void onRetry(OutboxRecord event, SendResult result, int attempts, Duration retryIn) {
		SendFailure failure = result.failure();
		change(() -> this.failures
			.add(event + " failed: " + ((failure != null) ? failure.kind() + ", " + failure.message() : "no answer")));
	}

	@Override
	public void onDead(OutboxRecord event, String error, int attempts) {
		change(() -> this.failures.add(event + " is a dead letter: " + error));
	}

	EventType typeOf(Class<?> eventClass) {
		return this.types.find(eventClass)
			.orElseThrow(() -> new IllegalArgumentException(eventClass.getName() + " is not a class of events: it has"
					+ " neither an annotation nor a name in EventTypes. Annotate or register it, or name the type"));
	}

	/**
	 * Says what is known, without payloads.
	 */
	String describe() {
		return locked(() -> "Stored: " + list(this.stored) + "Published: " + list(this.published) + "Failures: "
				+ list(this.failures));
	}

	private static String list(List<?> all) {
		if (all.isEmpty()) {
			return "none\n";
		}
		StringBuilder text = new StringBuilder("\n");
		all.forEach((each) -> text.append("  ").append(each).append('\n'));
		return text.toString();
	}

	private void change(Runnable change) {
		this.lock.lock();
		try {
			change.run();
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private <T> T locked(Supplier<T> question) {
		this.lock.lock();
		try {
			return question.get();
		}
		finally {
			this.lock.unlock();
		}
	}

}
