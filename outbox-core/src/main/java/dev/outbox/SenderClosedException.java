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
 * A message was to be sent after the sender had been stopped. It has not been sent.
 */
public class SenderClosedException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception for a message.
	 * @param message names the message, without its payload
	 */
	public SenderClosedException(String message) {
		super("Cannot send " + message + ": the sender has been closed, or stopped together with its application"
				+ " context. Nothing has been sent. Send before the context stops, or start the sender again.");
	}

}
