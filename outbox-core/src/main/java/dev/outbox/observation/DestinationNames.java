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

package dev.outbox.observation;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.outbox.Destination;

/**
 * The destinations that are shown by their names: the first ones. Thread-safe.
 */
final class DestinationNames {

	static final int MAX = 100;

	static final String OTHER = "other";

	private final Set<Destination> named = ConcurrentHashMap.newKeySet();

	Destination shown(Destination destination) {
		if (this.named.contains(destination)) {
			return destination;
		}
		synchronized (this.named) {
			if (this.named.size() < MAX) {
				this.named.add(destination);
			}
		}
		return this.named.contains(destination) ? destination : new Destination(destination.transport(), OTHER);
	}

	/**
	 * Returns the name under which a destination is shown, if it has one by now.
	 */
	Destination nameOf(Destination destination) {
		return this.named.contains(destination) ? destination : new Destination(destination.transport(), OTHER);
	}

}
