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
import java.util.List;

import dev.outbox.OutboxException;
import org.jspecify.annotations.Nullable;

/**
 * It is not clear which transport events go through whose route names none.
 */
public class AmbiguousTransportException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final @Nullable String chosen;

	private final List<String> candidates;

	/**
	 * Creates the exception.
	 * @param chosen value of {@code outbox.transport}, {@code null} if it is not set
	 * @param candidates names of the transports that are there
	 */
	public AmbiguousTransportException(@Nullable String chosen, List<String> candidates) {
		super(((chosen != null) ? "outbox.transport=" + chosen + " names none of the transports that are there: "
				: "There are several transports: ") + String.join(", ", candidates)
				+ ". The outbox was not started. Set outbox.transport to one of them.");
		this.chosen = chosen;
		this.candidates = List.copyOf(candidates);
	}

	/**
	 * Returns what the application has chosen.
	 * @return the value of {@code outbox.transport}, {@code null} if it is not set
	 */
	public @Nullable String getChosen() {
		return this.chosen;
	}

	/**
	 * Returns what is there.
	 * @return names of the transports
	 */
	public List<String> getCandidates() {
		return this.candidates;
	}

}
