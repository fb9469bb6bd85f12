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

package dev.outbox.deadletter;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How dead letters are forwarded.
 *
 * @param topic name of the destination; {@value #DESTINATION} in it stands for the name
 * of the destination that the event had
 * @param transport name of the transport, {@code null} for that of the event
 * @param maxRetries how often it is tried again after a failure; not counted while the
 * broker cannot be reached
 * @param interval how long to wait before it is tried again
 * @param ttl how long it is tried at all; a dead letter that is older stays where it is
 * @param publishTimeout how long the transport may take to answer
 */
public record ForwardSettings(String topic, @Nullable String transport, int maxRetries, Duration interval, Duration ttl,
		Duration publishTimeout) {

	/**
	 * Stands for the name of the destination that the event had.
	 */
	public static final String DESTINATION = "{destination}";

}
