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

package dev.outbox.lab;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Who takes part.
 */
enum ContenderSpec {

	/** This library as it comes. */
	OURS("outbox", Kind.OURS, "dev.outbox.lab.ours.OursContender", false, "kept, also with several instances"),

	/** This library without what costs something and is not needed by everybody. */
	OURS_TUNED("outbox, tuned", Kind.OURS, "dev.outbox.lab.ours.OursContender", true,
			"kept unless the broker refuses an event: pipelined, without the headers of CloudEvents"),

	/** The library namastack-outbox as it comes. */
	NAMASTACK("namastack-outbox", Kind.PEER, "dev.outbox.lab.namastack.NamastackContender", false,
			"kept; an event that fails holds its key back"),

	/** The same with settings for throughput. */
	NAMASTACK_TUNED("namastack-outbox, tuned", Kind.PEER, "dev.outbox.lab.namastack.NamastackContender", true,
			"kept: 2,000 keys a poll, a poll each 100 ms, 16 threads, a pool of 24, records are deleted"),

	/** The library transaction-outbox as it comes. */
	GRUELBOX("transaction-outbox", Kind.PEER, "dev.outbox.lab.gruelbox.GruelboxContender", false,
			"none: the served version has no ordered calls"),

	/** The same with settings for throughput. */
	GRUELBOX_TUNED("transaction-outbox, tuned", Kind.PEER, "dev.outbox.lab.gruelbox.GruelboxContender", true,
			"none; 16 threads with a queue of 16,384, a flush each 200 ms, a retry after 15 s, a pool of 24"),

	/** The events of Spring Modulith as they come. */
	MODULITH("Spring Modulith", Kind.PEER, "dev.outbox.lab.modulith.ModulithContender", false,
			"none; what waits is sent by a restart only, and only if a property says so, as it does here"),

	/** The same with settings for throughput. */
	MODULITH_TUNED("Spring Modulith, tuned", Kind.PEER, "dev.outbox.lab.modulith.ModulithContender", true,
			"none; 16 threads, a pool of 24, completed publications are deleted, failed ones are sent again each second"),

	/** A loop that reads, sends and deletes. */
	HAND_WRITTEN("hand-written loop", Kind.LIMIT, "dev.outbox.lab.limits.HandWrittenContender", false,
			"as long as nothing fails and there is one instance"),

	/** The write-ahead log through a slot. */
	LOGICAL("logical replication", Kind.LIMIT, "dev.outbox.lab.limits.LogicalReplicationContender", false,
			"as long as nothing fails; nobody deletes the rows"),

	/** No database at all. */
	BARE_PRODUCER("bare producer", Kind.LIMIT, "dev.outbox.lab.limits.BareProducerContender", false,
			"that of the producer; nothing is stored");

	private final String title;

	private final Kind kind;

	private final String mainType;

	private final boolean tuned;

	private final String order;

	ContenderSpec(String title, Kind kind, String mainType, boolean tuned, String order) {
		this.title = title;
		this.kind = kind;
		this.mainType = mainType;
		this.tuned = tuned;
		this.order = order;
	}

	static List<ContenderSpec> parse(String names) {
		return Arrays.stream(names.split(",")).flatMap((name) -> {
			List<ContenderSpec> exact = Arrays.stream(values()).filter((spec) -> spec.id().equals(name)).toList();
			List<ContenderSpec> found = !exact.isEmpty() ? exact
					: Arrays.stream(values()).filter((spec) -> spec.id().startsWith(name)).toList();
			if (found.isEmpty()) {
				throw new IllegalArgumentException(
						"No contender's name begins with '" + name + "'; nothing was started. There are "
								+ Arrays.stream(values()).map(ContenderSpec::id).toList());
			}
			return found.stream();
		}).distinct().toList();
	}

	String id() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	String title() {
		return this.title;
	}

	boolean isOurs() {
		return this.kind == Kind.OURS;
	}

	boolean isPeer() {
		return this.kind == Kind.PEER;
	}

	boolean isLimit() {
		return this.kind == Kind.LIMIT;
	}

	String mainType() {
		return this.mainType;
	}

	boolean tuned() {
		return this.tuned;
	}

	/**
	 * What is known of the order of a key's events.
	 */
	String order() {
		return this.order;
	}

	/**
	 * Say whether it runs on these servers.
	 */
	boolean supports(String database, String broker) {
		return !isLimit() || (database.equals("postgres") && broker.equals("kafka"));
	}

	/**
	 * Return the tables whose rows are those of one case.
	 */
	List<String> tables() {
		return switch (this) {
			case NAMASTACK, NAMASTACK_TUNED -> List.of("outbox_record");
			case GRUELBOX, GRUELBOX_TUNED -> List.of("TXNO_OUTBOX");
			case MODULITH, MODULITH_TUNED -> List.of("EVENT_PUBLICATION");
			case BARE_PRODUCER -> List.of();
			default -> List.of("outbox_event");
		};
	}

	/**
	 * Return which libraries may not be on its class path: each of them configures itself
	 * where it is found.
	 */
	Set<String> foreignLibraries() {
		Set<String> foreign = new TreeSet<>(Set.of("namastack-outbox-", "transactionoutbox-", "spring-modulith-",
				"outbox-spring-boot-", "outbox-core"));
		switch (this) {
			case NAMASTACK, NAMASTACK_TUNED -> foreign.remove("namastack-outbox-");
			case GRUELBOX, GRUELBOX_TUNED -> foreign.remove("transactionoutbox-");
			case MODULITH, MODULITH_TUNED -> foreign.remove("spring-modulith-");
			case OURS, OURS_TUNED -> {
				foreign.remove("outbox-spring-boot-");
				foreign.remove("outbox-core");
			}
			default -> {
				// All of them are foreign.
			}
		}
		return foreign;
	}

	private enum Kind {

		OURS, PEER, LIMIT

	}

}
