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

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that two outboxes would send the events of each other.
 */
final class SharedTablesFailureAnalyzer extends AbstractFailureAnalyzer<SharedTablesException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, SharedTablesException cause) {
		String store = "outbox.instances." + cause.getSecond() + ".store.";
		return new FailureAnalysis("The outboxes '" + cause.getFirst() + "' and '" + cause.getSecond()
				+ "' have the same tables, '" + cause.getTables()
				+ "...' of one data source. Each would send the events of the other one too, with its own settings.",
				"Set '" + store + "table-prefix' to a prefix of its own, or '" + store
						+ "schema' to another schema, or '" + store + "data-source' to another data source.",
				cause);
	}

}
