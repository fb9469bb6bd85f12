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

import java.util.stream.Collectors;

import dev.outbox.topology.TopologyException;
import dev.outbox.transport.TopologyMode;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that a broker does not have what event classes declare.
 */
final class TopologyFailureAnalyzer extends AbstractFailureAnalyzer<TopologyException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TopologyException cause) {
		String description = cause.differences()
			.stream()
			.map((difference) -> "  - " + difference)
			.collect(Collectors.joining("\n", "What event classes declare differs from what the broker has:\n", ""));
		StringBuilder action = new StringBuilder("Do one of these:\n");
		if (cause.mode() == TopologyMode.VALIDATE) {
			action.append("  - to have created what is missing, set outbox.topology.mode=create\n");
		}
		action.append("  - change what is there by the broker's own tools; the outbox changes nothing that exists, and "
				+ "more partitions move keys\n");
		action.append("  - change the annotation, or leave out of it what the broker may decide\n");
		action.append("  - to leave the broker alone, set outbox.topology.mode=none");
		return new FailureAnalysis(description, action.toString(), cause);
	}

}
