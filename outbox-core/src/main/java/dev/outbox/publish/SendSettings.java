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

import java.time.Duration;

/**
 * Settings of sending without the outbox.
 *
 * @param publishTimeout time within which each message has its outcome,
 * {@code outbox.publish-timeout}
 * @param shutdownTimeout time that open sends have when the sender is closed,
 * {@code outbox.shutdown-timeout}
 * @param maxEvents how many messages are on their way at most, for each transport,
 * {@code outbox.send.max-in-flight.events}
 * @param maxBytes size of their payloads at most; a single larger one passes alone,
 * {@code outbox.send.max-in-flight.bytes}
 */
public record SendSettings(Duration publishTimeout, Duration shutdownTimeout, int maxEvents, long maxBytes) {

	/**
	 * The settings that apply unless others are chosen.
	 */
	public static final SendSettings DEFAULTS = new SendSettings(Duration.ofSeconds(30), Duration.ofSeconds(20), 10_000,
			64L << 20);

	public SendSettings {
		if (publishTimeout.isNegative() || publishTimeout.isZero() || shutdownTimeout.isNegative() || maxEvents < 1
				|| maxBytes < 1) {
			throw new IllegalArgumentException("A sender needs time and room for at least one message, but has"
					+ " publishTimeout=" + publishTimeout + ", shutdownTimeout=" + shutdownTimeout + ", maxEvents="
					+ maxEvents + ", maxBytes=" + maxBytes + ". Set them to more than 0.");
		}
	}

}
