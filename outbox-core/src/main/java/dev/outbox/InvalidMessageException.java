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

/**
 * A field of an event or message cannot be stored or sent as it is. Nothing has been
 * stored or sent.
 */
public class InvalidMessageException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final Reason reason;

	/**
	 * Creates the exception.
	 * @param reason what is wrong
	 * @param message says which field it is, and what to change
	 */
	public InvalidMessageException(Reason reason, String message) {
		super(message);
		this.reason = reason;
	}

	/**
	 * Returns what is wrong.
	 * @return the reason
	 */
	public Reason reason() {
		return this.reason;
	}

	/**
	 * What is wrong with a field.
	 */
	public enum Reason {

		/** There is no event at all. */
		NO_EVENT,

		/** There is no payload. */
		NO_PAYLOAD,

		/** The name of the destination or transport is blank. */
		BLANK_DESTINATION,

		/** The key is empty. */
		EMPTY_KEY,

		/** A text is blank that has to say something. */
		BLANK_TEXT,

		/** A text has a character that not every store and broker can carry. */
		ILLEGAL_CHARACTER,

		/** A text is longer than it may be. */
		TOO_LONG,

		/** A header or option is of a type that cannot be carried. */
		UNSUPPORTED_VALUE,

		/** The transport does not have an option that the event asks for. */
		UNSUPPORTED_OPTION,

		/**
		 * What only the outbox can do is asked of a message that does not go through it.
		 */
		NEEDS_OUTBOX,

		/** A number or time is out of its range. */
		OUT_OF_RANGE,

		/** Two fields contradict each other. */
		CONTRADICTION

	}

}
