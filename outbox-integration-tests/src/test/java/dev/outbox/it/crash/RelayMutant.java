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

package dev.outbox.it.crash;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import dev.outbox.it.crash.MutantCompiler.Change;

/**
 * The real relay with one of its rules left out. Each must be refuted by what it
 * delivers.
 */
enum RelayMutant {

	/**
	 * Rows whose transactions commit after a read has passed them are not looked for.
	 */
	LATE_ROWS_ARE_NOT_READ("dev/outbox/store/jdbc/postgres/RelayStatements.java",
			List.of(new Change("WHERE seq + 0 <= ? AND seq + 0 > ? AND %s",
					"WHERE false AND seq <= ? AND seq > ? AND %s"),
					new Change(") late ORDER BY seq + 0 LIMIT ?", ") late WHERE false ORDER BY seq + 0 LIMIT ?")),
			false, true, EnumSet.noneOf(Guarantee.class)),

	/**
	 * An event does not wait for the one before it of its key.
	 */
	NO_CHAIN("dev/outbox/relay/Chain.java",
			List.of(new Change("(this.out == 0 || this.ordering != Ordering.STRICT)", "true")), false, false,
			EnumSet.of(Guarantee.IN_ORDER)),

	/**
	 * Partitions are taken from instances that live.
	 */
	LEASES_ARE_NOT_RESPECTED("dev/outbox/store/jdbc/postgres/PostgresLeaseStore.java",
			List.of(new Change("OR NOT EXISTS (SELECT 1 FROM ${instance} i WHERE i.id = p.owner))",
					"OR NOT EXISTS (SELECT 1 FROM ${instance} i WHERE i.id = p.owner AND false))")),
			false, false, EnumSet.of(Guarantee.FEW_DUPLICATES)),

	/**
	 * What is settled is all up to a number.
	 */
	A_RANGE_IS_SETTLED("dev/outbox/store/jdbc/postgres/RelayStatements.java",
			List.of(new Change("archive() : \"DELETE FROM ${event} o WHERE \" + LISTED",
					"archive() : \"DELETE FROM ${event} o WHERE o.seq <= (SELECT max(s) FROM unnest(?::bigint[]) s)"
							+ " AND cardinality(?::bytea[]) > 0\"")),
			false, false, EnumSet.of(Guarantee.DELIVERED)),

	/**
	 * A failed send is taken for a successful one.
	 */
	FAILURES_ARE_SETTLED("dev/outbox/relay/Outcomes.java", List
		.of(new Change("if (failure == null) {\n\t\t\tacknowledged(",
				"if (failure == null || failure.kind() == dev.outbox.FailureKind.RETRIABLE) {\n\t\t\tacknowledged(")),
			false, false, EnumSet.of(Guarantee.DELIVERED)),

	/**
	 * Later rows of a key do not wait for those that left memory.
	 */
	WHAT_LEFT_MEMORY_IS_OVERTAKEN("dev/outbox/relay/Intake.java",
			List.of(new Change("chain.hold() == Chain.Hold.BLOCKED || chain.isSpilled()",
					"chain.hold() == Chain.Hold.BLOCKED")),
			false, false, EnumSet.of(Guarantee.IN_ORDER)),

	/**
	 * A row that is in memory is taken once more.
	 */
	WHAT_IS_IN_MEMORY_IS_NOT_KNOWN("dev/outbox/relay/Intake.java",
			List.of(new Change("contains(row.seq()) || !this.memory.owned().containsKey(row.part())) {",
					"contains(-1) || !this.memory.owned().containsKey(row.part())) {")),
			false, false, EnumSet.of(Guarantee.FEW_DUPLICATES)),

	/**
	 * Partitions of a dead instance are read from where this one is.
	 */
	NO_BACKFILL("dev/outbox/relay/Scans.java", List.of(new Change("this.joining.keySet().removeAll(parts);",
			"this.joining.keySet().removeAll(parts);\n\t\t\tthis.caughtUp.addAll(parts);\nif (true) { return; }")),
			true, true, EnumSet.noneOf(Guarantee.class));

	private final String source;

	private final List<Change> changes;

	private final boolean crash;

	private final boolean rescued;

	private final Set<Guarantee> violated;

	RelayMutant(String source, List<Change> changes, boolean crash, boolean rescued, Set<Guarantee> violated) {
		this.source = source;
		this.changes = changes;
		this.crash = crash;
		this.rescued = rescued;
		this.violated = violated;
	}

	/**
	 * Compiles it.
	 * @return a class path with the mutant in it
	 */
	String classPath() {
		return MutantCompiler.classPath(name(), this.source, this.changes);
	}

	/**
	 * Returns whether an instance has to die for it to show.
	 */
	boolean needsCrash() {
		return this.crash;
	}

	/**
	 * Returns whether it shows in events that only the safety sweep finds.
	 */
	boolean isRescued() {
		return this.rescued;
	}

	/**
	 * Returns what it must violate at least.
	 */
	Set<Guarantee> violated() {
		return this.violated;
	}

}
