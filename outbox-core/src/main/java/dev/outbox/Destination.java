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

import java.io.Serializable;

/**
 * Where an event goes: a name that the broker understands, on one transport.
 *
 * @param transport name of the transport, for example {@code kafka}
 * @param name name of the topic, exchange, queue or stream
 */
public record Destination(String transport, String name) implements Serializable {

	public Destination {
		if (transport.isBlank()) {
			throw new IllegalArgumentException(
					"The transport of a destination must not be blank (name='" + name + "')");
		}
		if (name.isBlank()) {
			throw new IllegalArgumentException(
					"The name of a destination must not be blank (transport='" + transport + "')");
		}
	}

	@Override
	public String toString() {
		return this.transport + ":" + this.name;
	}

}
