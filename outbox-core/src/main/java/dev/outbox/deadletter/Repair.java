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

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What is different in the repaired copy of a dead letter. What is {@code null} stays as
 * it was.
 *
 * @param payload the payload, not copied, so not to be changed
 * @param contentType MIME type of the payload
 * @param headers headers to set; those with the value {@code null} are removed
 * @param destination name of another destination of the same transport
 */
public record Repair(byte @Nullable [] payload, @Nullable String contentType,
		@Nullable Map<String, @Nullable String> headers, @Nullable String destination) {

	public Repair {
		headers = (headers != null) ? new LinkedHashMap<>(headers) : null;
	}

	/**
	 * Returns a repair that leaves the payload as it was.
	 * @param contentType MIME type of the payload, {@code null} for the same
	 * @param headers headers to set or, with the value {@code null}, to remove;
	 * {@code null} for the same
	 * @param destination name of another destination, {@code null} for the same
	 * @return the repair
	 */
	public static Repair of(@Nullable String contentType, @Nullable Map<String, @Nullable String> headers,
			@Nullable String destination) {
		return new Repair(null, contentType, headers, destination);
	}

	/**
	 * Returns this repair with another payload.
	 * @param payload the payload
	 * @return a copy
	 */
	public Repair withPayload(byte[] payload) {
		return new Repair(payload, this.contentType, this.headers, this.destination);
	}

	/**
	 * Returns whether nothing is different.
	 * @return {@code true} if the repaired copy would fail like the dead letter
	 */
	public boolean isEmpty() {
		return this.payload == null && this.contentType == null && this.destination == null
				&& (this.headers == null || this.headers.isEmpty());
	}

}
