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

package dev.outbox.actuate;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * The outboxes of the application.
 */
public final class OperatedOutboxes {

	private final @Nullable OperatedOutbox only;

	private final Map<String, OperatedOutbox> named;

	private OperatedOutboxes(@Nullable OperatedOutbox only, Map<String, OperatedOutbox> named) {
		this.only = only;
		this.named = named;
	}

	/**
	 * Returns the only outbox of an application, which has no name.
	 * @param outbox the outbox
	 * @return the outboxes
	 */
	public static OperatedOutboxes of(OperatedOutbox outbox) {
		return new OperatedOutboxes(outbox, Map.of());
	}

	/**
	 * Returns outboxes that have names.
	 * @param named the outboxes, by name
	 * @return the outboxes
	 */
	public static OperatedOutboxes of(Map<String, OperatedOutbox> named) {
		return new OperatedOutboxes(null, new TreeMap<>(named));
	}

	/**
	 * Finds an outbox.
	 * @param name the name that a request gives, {@code null} if it gives none
	 * @return the outbox
	 */
	OperatedOutbox get(@Nullable String name) {
		OperatedOutbox found = (name == null) ? this.only : this.named.get(name);
		if (found == null) {
			String problem = (this.only != null)
					? "The application has one outbox, which has no name. Leave the parameter 'outbox' out"
					: "The application has the outboxes " + this.named.keySet()
							+ ". Name one of them in the parameter 'outbox'";
			throw Requests.refused(problem);
		}
		return found;
	}

	/**
	 * Returns the named outboxes.
	 * @return the outboxes by name, empty if there is only one, which has none
	 */
	Map<String, OperatedOutbox> named() {
		return this.named;
	}

}
