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

import dev.outbox.store.jdbc.MissingSchemaException;
import dev.outbox.store.jdbc.PartitionCountException;
import dev.outbox.store.jdbc.SchemaException;
import dev.outbox.store.jdbc.UnusableSchemaException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains what is wrong with the tables of the outbox, with the SQL to run.
 */
final class SchemaFailureAnalyzer extends AbstractFailureAnalyzer<SchemaException> {

	private static final int LONGEST_SQL = 4000;

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, SchemaException cause) {
		if (cause instanceof MissingSchemaException missing) {
			String description = "The database has not all that the outbox needs. Missing: %s. Nothing has been "
					+ "changed.";
			String action = "Let the outbox create it ('outbox.schema.mode' = create or flyway) as a user who may, or "
					+ "run this SQL:%n%n%s";
			return new FailureAnalysis(description.formatted(String.join(", ", missing.missing())),
					action.formatted(missing.excerpt(LONGEST_SQL)), cause);
		}
		if (cause instanceof PartitionCountException partitions) {
			String description = "The tables of the outbox were first used with %d partitions, but "
					+ "'outbox.relay.partitions' is %d. Events that wait, and instances that run, would be mixed up. "
					+ "Nothing has been changed, and the events wait.";
			String action = "Set 'outbox.relay.partitions' to %d, the same on all instances.";
			return new FailureAnalysis(description.formatted(partitions.stored(), partitions.configured()),
					action.formatted(partitions.stored()), cause);
		}
		if (cause instanceof UnusableSchemaException unusable) {
			return new FailureAnalysis("The outbox cannot use its tables: " + unusable.problem() + ".",
					"Change what the description says, and start again. The outbox has changed nothing.", cause);
		}
		return null;
	}

}
