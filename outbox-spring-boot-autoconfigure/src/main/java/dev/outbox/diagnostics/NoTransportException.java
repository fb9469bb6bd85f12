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

package dev.outbox.diagnostics;

import java.io.Serial;

import dev.outbox.OutboxException;

/**
 * Events are to be delivered, but nothing is there to send them with.
 */
public class NoTransportException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	/**
	 * Creates the exception.
	 */
	public NoTransportException() {
		super("There is no transport to send events with; the outbox was not started. Add a broker, for example"
				+ " spring-boot-starter-kafka or -amqp, or set outbox.relay.enabled=false on an instance that only"
				+ " publishes.");
	}

}
