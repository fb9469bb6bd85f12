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

import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serial;
import java.io.Serializable;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

/**
 * Why a record was not delivered.
 *
 * @param kind whose fault it is
 * @param message what the broker or its client said; never contains the payload
 * @param cause the client's exception, if there is one; a {@link TimeoutException} if the
 * time was over
 * @param mayHaveArrived whether the broker may have the record nevertheless, for example
 * because only its answer was lost; {@code false} only if it certainly has not
 */
public record SendFailure(FailureKind kind, String message, @Nullable Throwable cause,
		boolean mayHaveArrived) implements Serializable {

	/**
	 * Creates a failure after which the broker may have the record, unless it was
	 * refused.
	 * @param kind whose fault it is
	 * @param message what the broker or its client said
	 * @param cause the client's exception, if there is one
	 */
	public SendFailure(FailureKind kind, String message, @Nullable Throwable cause) {
		this(kind, message, cause, kind == FailureKind.UNAVAILABLE || kind == FailureKind.RETRIABLE);
	}

	/**
	 * Returns the failure of a record whose time was over before its outcome was known.
	 * @param message what was waited for, and for how long
	 * @param cause the client's exception, if there is one
	 * @param mayHaveArrived {@code false} if the record has not even been handed to the
	 * broker
	 * @return a failure of kind {@link FailureKind#UNAVAILABLE}
	 */
	public static SendFailure timedOut(String message, @Nullable Throwable cause, boolean mayHaveArrived) {
		TimeoutException timeout = new TimeoutException(message);
		timeout.initCause(cause);
		return new SendFailure(FailureKind.UNAVAILABLE, message, timeout, mayHaveArrived);
	}

	/**
	 * Returns whether the time was over before the outcome was known.
	 * @return {@code true} if the cause is a {@link TimeoutException}
	 */
	public boolean isTimeout() {
		return this.cause instanceof TimeoutException;
	}

	/**
	 * Some clients' exceptions hold a connection. Of these only the text is written.
	 */
	@Serial
	private Object writeReplace() {
		if (this.cause == null || isSerializable(this.cause)) {
			return this;
		}
		String said = this.cause.toString();
		Throwable text = isTimeout() ? new TimeoutException(said) : new OutboxException(said);
		text.setStackTrace(this.cause.getStackTrace());
		return new SendFailure(this.kind, this.message, text, this.mayHaveArrived);
	}

	private static boolean isSerializable(Throwable cause) {
		try (ObjectOutputStream out = new ObjectOutputStream(OutputStream.nullOutputStream())) {
			out.writeObject(cause);
			return true;
		}
		catch (IOException | RuntimeException ex) {
			return false;
		}
	}

}
