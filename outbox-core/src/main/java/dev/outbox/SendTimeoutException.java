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
 * The time of a message that was sent without the outbox was over before its outcome was
 * known: {@code outbox.publish-timeout}, or the shorter limit of its transport. It may be
 * at the broker nevertheless, unless it had not been handed over yet:
 * {@link #mayHaveArrived()}.
 * <p>
 * A failure of kind {@link FailureKind#UNAVAILABLE} as others are. Whoever does the same
 * about all failures needs not catch it by itself.
 */
public class SendTimeoutException extends SendFailedException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 * @param result outcome of the message, a failure
	 */
	public SendTimeoutException(SendResult result) {
		super(result);
	}

}
