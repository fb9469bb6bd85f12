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
 * An event was published after the publisher had been closed. It has not been stored.
 */
public class PublisherClosedException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception for an event.
	 * @param event names the event, without its payload
	 */
	public PublisherClosedException(String event) {
		super("Cannot publish " + event + ": the publisher has been closed together with its application context."
				+ " The event has not been stored. Publish before the context closes, from a bean that depends on"
				+ " the publisher.");
	}

}
