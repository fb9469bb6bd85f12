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

package dev.outbox.publish;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.outbox.FailureKind;
import dev.outbox.publish.SendWindow.Entry;
import dev.outbox.transport.OutboxTransport;
import org.jspecify.annotations.Nullable;

/**
 * The messages of one call that go through one transport, in their order. When there is
 * no room for one, those before it go first; when it has waited too long, those after it
 * are not sent either: they would overtake it. Used by the thread of the call only.
 */
final class Passage {

	/**
	 * How many messages a transport is handed at once. Other threads take turns between
	 * two such groups.
	 */
	private static final int GROUP = 500;

	private final OutboxTransport transport;

	private final SendWindow window;

	private final Duration timeout;

	private final Queue<MessageSend> rest = new ArrayDeque<>();

	private @Nullable CompletableFuture<Entry> next;

	Passage(OutboxTransport transport, SendWindow window, Duration timeout) {
		this.transport = transport;
		this.window = window;
		this.timeout = timeout;
	}

	void add(MessageSend send) {
		this.rest.add(send);
	}

	/**
	 * Hands messages to their transports. While one transport has no room, those of the
	 * others go on.
	 * @param passages the messages
	 * @param deadline how long to wait for room, as a value of {@link System#nanoTime()}
	 */
	static void handOver(Collection<Passage> passages, long deadline) {
		List<Passage> waiting = new ArrayList<>(passages);
		waiting.removeIf((passage) -> passage.goOn(deadline));
		while (!waiting.isEmpty()) {
			Entry reason = await(waiting, deadline);
			if (reason != Entry.IN) {
				waiting.forEach((passage) -> passage.giveUp(reason));
			}
			waiting.removeIf((passage) -> passage.goOn(deadline));
		}
	}

	/**
	 * Waits until one of them can go on, in a future: a fork-join pool adds a thread for
	 * one of its own that waits so.
	 */
	private static Entry await(List<Passage> passages, long deadline) {
		try {
			CompletableFuture
				.anyOf(passages.stream().map((passage) -> passage.next).toArray(CompletableFuture<?>[]::new))
				.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
			return Entry.IN;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Entry.INTERRUPTED;
		}
		catch (TimeoutException ex) {
			return Entry.FULL;
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("Waiting for room failed; nothing completes it so", ex);
		}
	}

	private void giveUp(Entry reason) {
		MessageSend first = this.rest.peek();
		if (first != null) {
			this.window.giveUp(first, reason);
		}
	}

	/**
	 * Hands over what there is room for.
	 * @return whether that was all
	 */
	private boolean goOn(long deadline) {
		List<MessageSend> entered = new ArrayList<>();
		for (MessageSend send = this.rest.peek(); send != null; send = this.rest.peek()) {
			CompletableFuture<Entry> entry = (this.next != null) ? this.next : this.window.enter(send);
			this.next = entry;
			if (!entry.isDone()) {
				break;
			}
			this.next = null;
			if (entry.join() == Entry.IN) {
				this.rest.remove();
				entered.add(send);
			}
			else {
				this.rest.forEach((unsent) -> refuse(unsent, entry.join()));
				this.rest.clear();
			}
			if (entered.size() == GROUP) {
				handOver(entered, deadline);
				entered.clear();
			}
		}
		handOver(entered, deadline);
		return this.rest.isEmpty();
	}

	private void refuse(MessageSend send, Entry refusal) {
		String unsent = "; the message has not been handed to the transport '" + this.transport.name() + "'";
		switch (refusal) {
			case CLOSED -> send.failUnsent(FailureKind.UNAVAILABLE, "The sender was closed meanwhile" + unsent, null);
			case INTERRUPTED -> send.failUnsent(FailureKind.RETRIABLE,
					"The thread was interrupted while it waited for room" + unsent, null);
			default -> {
				String problem = "There was no room for it within " + this.timeout.toMillis()
						+ " ms (outbox.publish-timeout), because too many messages are on their way"
						+ " (outbox.send.max-in-flight)";
				send.failUnsent(FailureKind.UNAVAILABLE, problem + unsent, new TimeoutException(problem));
			}
		}
	}

	private void handOver(List<MessageSend> group, long deadline) {
		if (group.isEmpty()) {
			return;
		}
		long remaining = Math.max(1, deadline - System.nanoTime());
		group.forEach((send) -> send.expireAfter(remaining));
		try {
			this.transport.send(List.copyOf(group));
		}
		catch (RuntimeException ex) {
			// By contract those that have no outcome yet have not been sent.
			String problem = "The transport '" + this.transport.name() + "' has not taken the message: "
					+ ex.getMessage();
			group.forEach((send) -> send.failUnsent(FailureKind.UNAVAILABLE, problem, ex));
		}
		catch (Error ex) {
			String problem = "The transport '" + this.transport.name() + "' broke off: " + ex;
			group.forEach((send) -> send.fail(FailureKind.UNAVAILABLE, problem, ex));
		}
	}

}
