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

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

import dev.outbox.lab.Session.Backlog;

/**
 * All that can be measured.
 */
final class Cases {

	/** No case has more than this to send. */
	private static final long MOST_BYTES = 5_000_000_000L;

	private final Options options;

	private final Preset preset;

	private final List<LabCase> cases = new ArrayList<>();

	private Cases(Options options) {
		this.options = options;
		this.preset = options.preset();
	}

	static List<LabCase> of(Options options) {
		Cases all = new Cases(options);
		all.drains();
		if (!options.preset().name().equals("smoke")) {
			all.loads();
			all.oddities();
		}
		return all.cases.stream().filter((one) -> options.wants(one.name())).toList();
	}

	private void add(String name, String title, String figure, boolean higherIsBetter,
			Predicate<ContenderSpec> takesPart, LabCase.Measurement measurement) {
		this.cases.add(new LabCase(name, title, figure, higherIsBetter, takesPart, measurement));
	}

	private void drains() {
		for (int events : this.preset.backlogs()) {
			add("drain-" + shorten(events), "Draining " + grouped(events) + " events of 200 B", "eventsPerSecond", true,
					(spec) -> events <= largest(spec), (session, into) -> session
						.drain(new Backlog(events, 200, Math.min(Session.KEYS, events / 10)), into));
		}
		for (int bytes : this.preset.payloads()) {
			int events = (int) Math.min(Math.min(10_000, this.preset.peersUpTo()),
					Math.min(MOST_BYTES, 200_000_000L) / bytes);
			add("payload-" + shorten(bytes) + "B",
					"Draining " + grouped(events) + " events of " + grouped(bytes) + " B", "eventsPerSecond", true,
					this::isThorough, (session, into) -> session.drain(new Backlog(events, bytes, Session.KEYS), into));
		}
	}

	private void loads() {
		LoadCases loads = new LoadCases(this.preset);
		for (int rate : this.preset.rates()) {
			add("latency-" + rate, "From the intended time of " + rate + " transactions a second to the consumer",
					"p99Millis", false, (spec) -> spec != ContenderSpec.BARE_PRODUCER,
					(session, into) -> loads.latency(session, into, rate));
		}
		for (int threads : List.of(1, 4)) {
			add("write-" + threads, "Transactions of " + threads + " threads: a business row and an event",
					"transactionsPerSecond", true,
					(spec) -> spec.isOurs() && !spec.tuned() || spec.isPeer() && spec.tuned(),
					(session, into) -> loads.write(session, into, threads));
		}
		add("idle", "Nothing to do", "databaseTransactionsPerSecond", false,
				(spec) -> !spec.isLimit() && spec != ContenderSpec.OURS_TUNED, loads::idle);
	}

	private void oddities() {
		OddCases odd = new OddCases(this.preset);
		add("snapshot", "Draining while another session holds a snapshot", "eventsPerSecond", true, this::isThorough,
				odd::heldSnapshot);
		add("hot-key", "Draining 2,000 events of one key", "eventsPerSecond", true, this::isThorough,
				(session, into) -> session.drain(new Backlog(2_000, 200, 1), into));
		if (this.options.isKafka()) {
			add("poison-key", "One event of 1 MiB, which the producer never takes, before 2,000 others of 100 keys",
					"secondsUntilOthers", false, (spec) -> !spec.isLimit() && isThorough(spec), odd::poisonKey);
		}
		for (int instances : this.preset.instances()) {
			add("instances-" + instances,
					instances + ((instances == 1) ? " instance drains" : " instances drain together"),
					"eventsPerSecond", true, (spec) -> !spec.isLimit() && isThorough(spec),
					(session, into) -> odd.instances(session, into, instances));
		}
		add("recovery", "An instance of two is killed under load", "longestDelaySeconds", false,
				(spec) -> !spec.isLimit() && isThorough(spec), odd::recovery);
	}

	/** Who takes part where time is short. */
	private boolean isThorough(ContenderSpec spec) {
		return this.preset.extremes() || spec == ContenderSpec.OURS || spec == ContenderSpec.HAND_WRITTEN
				|| spec.isPeer() && spec.tuned();
	}

	private int largest(ContenderSpec spec) {
		return !spec.isPeer() ? Integer.MAX_VALUE : spec.tuned() ? this.preset.peersUpTo() : this.preset.defaultsUpTo();
	}

	static String shorten(int number) {
		if (number % 1_000_000 == 0) {
			return number / 1_000_000 + "M";
		}
		return (number % 1_000 == 0) ? number / 1_000 + "k" : Integer.toString(number);
	}

	static String grouped(int number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

}
