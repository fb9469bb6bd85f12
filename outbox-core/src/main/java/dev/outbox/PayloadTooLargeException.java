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
 * The payload of an event is larger than {@code outbox.write.max-payload-size}. The event
 * has been neither stored nor sent.
 */
public class PayloadTooLargeException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final long size;

	private final long maxSize;

	/**
	 * Creates the exception for an event.
	 * @param event names the event, without its payload
	 * @param size size of the payload in bytes
	 * @param maxSize largest size allowed, in bytes
	 */
	public PayloadTooLargeException(String event, long size, long maxSize) {
		super("Cannot publish " + event + ": its payload has " + size + " bytes, more than the " + maxSize
				+ " allowed. The event was neither stored nor sent. Publish a reference to the data instead, or raise"
				+ " outbox.write.max-payload-size together with the broker's own limit.");
		this.size = size;
		this.maxSize = maxSize;
	}

	/**
	 * Returns the size of the payload.
	 * @return the size in bytes
	 */
	public long size() {
		return this.size;
	}

	/**
	 * Returns the largest size allowed.
	 * @return the size in bytes
	 */
	public long maxSize() {
		return this.maxSize;
	}

}
