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

package dev.outbox.topology;

import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;

import dev.outbox.OutboxException;
import dev.outbox.transport.TopologyDifference;
import dev.outbox.transport.TopologyMode;

/**
 * Destinations are not there as event classes declare them.
 */
public class TopologyException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final List<TopologyDifference> differences;

	private final TopologyMode mode;

	TopologyException(TopologyMode mode, List<TopologyDifference> differences) {
		super(differences.stream()
			.map(TopologyDifference::toString)
			.collect(Collectors.joining("; ", "What event classes declare differs from what the broker has: ",
					". The application was not started, and nothing that exists was changed. Correct the"
							+ " declarations or the broker, or set outbox.topology.mode")));
		this.mode = mode;
		this.differences = List.copyOf(differences);
	}

	/**
	 * Returns what was asked for.
	 * @return the mode
	 */
	public TopologyMode mode() {
		return this.mode;
	}

	/**
	 * Returns all that is different.
	 * @return the differences
	 */
	public List<TopologyDifference> differences() {
		return this.differences;
	}

}
