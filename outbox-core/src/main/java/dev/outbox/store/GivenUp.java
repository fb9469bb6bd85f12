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

package dev.outbox.store;

import org.jspecify.annotations.Nullable;

/**
 * Why an event is given up, and what follows. The texts are bounded, free of NUL and of
 * what looks like a secret.
 *
 * @param error why the event is given up
 * @param fingerprint the same for failures of the same cause, whatever ids, numbers and
 * addresses their messages name: 16 hexadecimal digits
 * @param stackTrace stack trace of the last failure, {@code null} if it has none
 * @param attemptFailed whether an attempt that has not been recorded yet is to be counted
 * @param blockKey whether the later events of the key have to wait until an operator
 * unblocks it
 * @param forward whether the dead letter is to be forwarded, see {@link ForwardStore}
 */
public record GivenUp(String error, String fingerprint, @Nullable String stackTrace, boolean attemptFailed,
		boolean blockKey, boolean forward) {

	/**
	 * How long an error may be, in characters.
	 */
	public static final int LONGEST_ERROR = 4000;

	/**
	 * How long a stack trace may be, in characters.
	 */
	public static final int LONGEST_STACK_TRACE = 8000;

}
