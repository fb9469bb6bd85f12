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

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OutboxTransport;
import org.jspecify.annotations.Nullable;

/**
 * A message on its way to the broker. Its outcome is what is known first: the answer of
 * the transport, that there was none in time, or that the sender was closed.
 */
final class MessageSend implements Delivery {

	private final OutboxRecord record;

	private final OutboxTransport transport;

	private final Clock clock;

	private final Duration timeout;

	private final CompletableFuture<SendResult> answer = new CompletableFuture<>();

	private final CompletableFuture<SendResult> outcome = new CompletableFuture<>();

	private volatile Runnable afterwards = () -> {
	};

	MessageSend(OutboxRecord record, OutboxTransport transport, Clock clock, Duration timeout) {
		this.record = record;
		this.transport = transport;
		this.clock = clock;
		this.timeout = timeout;
		this.answer.whenComplete(this::end);
	}

	@Override
	public OutboxRecord record() {
		return this.record;
	}

	OutboxTransport transport() {
		return this.transport;
	}

	@Override
	public void complete(SendResult result) {
		this.answer.complete(result);
	}

	void fail(FailureKind kind, String message, @Nullable Throwable cause) {
		complete(SendResult.failed(this.record, this.clock.instant(), new SendFailure(kind, message, cause)));
	}

	/**
	 * Fails what the transport has not taken, so that the broker cannot have it.
	 */
	void failUnsent(FailureKind kind, String message, @Nullable Throwable cause) {
		complete(SendResult.failed(this.record, this.clock.instant(), new SendFailure(kind, message, cause, false)));
	}

	/**
	 * Gives the transport some time to answer.
	 */
	void expireAfter(long nanos) {
		this.answer.orTimeout(nanos, TimeUnit.NANOSECONDS);
	}

	/**
	 * Completed with the outcome, on the thread of whoever knows it: nothing may be
	 * attached that blocks. Never completed exceptionally.
	 */
	CompletableFuture<SendResult> outcome() {
		return this.outcome;
	}

	/**
	 * Sets what is done when the outcome is known and has been passed on.
	 */
	void afterwards(Runnable action) {
		this.afterwards = action;
	}

	private void end(@Nullable SendResult result, @Nullable Throwable timeout) {
		this.outcome.complete((result != null) ? result : timedOut(timeout));
		this.afterwards.run();
	}

	private SendResult timedOut(@Nullable Throwable timeout) {
		String problem = "The transport '" + this.transport.name() + "' has not answered within "
				+ this.timeout.toMillis() + " ms of the call (outbox.publish-timeout)";
		return SendResult.failed(this.record, this.clock.instant(),
				new SendFailure(FailureKind.UNAVAILABLE, problem, timeout));
	}

}
