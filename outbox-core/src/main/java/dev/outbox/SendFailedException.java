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

package dev.outbox;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * A message that was sent without the outbox has not been acknowledged by the broker: for
 * any reason, a {@link SendTimeoutException} if its time was over before its outcome was
 * known.
 */
public class SendFailedException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final SendResult result;

	/**
	 * Creates the exception.
	 * @param result outcome of the message, a failure
	 */
	public SendFailedException(SendResult result) {
		super(describe(result, failureOf(result)), null);
		this.result = result;
	}

	/**
	 * Creates the exception that fits.
	 */
	static SendFailedException of(SendResult result) {
		return failureOf(result).isTimeout() ? new SendTimeoutException(result) : new SendFailedException(result);
	}

	private static SendFailure failureOf(SendResult result) {
		@Nullable SendFailure failure = result.failure();
		if (failure == null) {
			throw new IllegalArgumentException("The message has been acknowledged: " + result);
		}
		return failure;
	}

	private static String describe(SendResult result, SendFailure failure) {
		String problem = "Message " + result.eventId() + " of type '" + result.eventType() + "' to "
				+ result.destination() + " has not been acknowledged (" + failure.kind() + "): " + failure.message();
		if (!failure.mayHaveArrived()
				&& (failure.kind() == FailureKind.UNAVAILABLE || failure.kind() == FailureKind.RETRIABLE)) {
			return problem + ". The broker does not have it. Send it again later, or let the outbox do so.";
		}
		return problem + switch (failure.kind()) {
			case FATAL, REJECTED -> ". It has not been sent. Change what is refused about it, or the broker's limits.";
			case UNAVAILABLE, RETRIABLE -> ". Where only the answer was lost, the broker has it. Send it again with the"
					+ " same id, by which consumers recognise a duplicate, or let the outbox do so.";
		};
	}

	/**
	 * Returns the outcome of the message.
	 * @return the result, with its failure
	 */
	public SendResult result() {
		return this.result;
	}

	/**
	 * Returns what the broker's client has thrown. The result holds it: of a cause that
	 * cannot be serialized it writes the text.
	 * @return the cause of the failure, if there is one
	 */
	@Override
	public @Nullable Throwable getCause() {
		return failureOf(this.result).cause();
	}

	/**
	 * Returns whether the broker may have the message nevertheless.
	 * @return {@code false} if it certainly has not
	 */
	public boolean mayHaveArrived() {
		return failureOf(this.result).mayHaveArrived();
	}

	/**
	 * Returns whose fault it is.
	 * @return the kind of the failure
	 */
	public FailureKind kind() {
		return failureOf(this.result).kind();
	}

}
