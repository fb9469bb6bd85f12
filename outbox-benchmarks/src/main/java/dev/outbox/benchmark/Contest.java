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

package dev.outbox.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.outbox.benchmark.Report.Figures;

/**
 * Several ways to do the same, measured in turns, so that what disturbs the machine
 * disturbs all of them alike.
 */
final class Contest {

	private final Servers servers;

	private final Report report;

	private final Map<String, Contender> contenders = new LinkedHashMap<>();

	private final Map<String, Figures> figures = new LinkedHashMap<>();

	Contest(Servers servers, Report report) {
		this.servers = servers;
		this.report = report;
	}

	Contest add(String name, Contender contender) {
		this.contenders.put(name, contender);
		this.figures.put(name, new Figures());
		return this;
	}

	/**
	 * Measure each contender in each round, in an order that turns around.
	 * @param rounds how many rounds
	 * @param events how much work each of them does in a round
	 */
	Contest run(int rounds, long events) throws Exception {
		for (int round = 0; round < rounds; round++) {
			List<String> order = new ArrayList<>(this.contenders.keySet());
			if (round % 2 == 1) {
				Collections.reverse(order);
			}
			for (String name : order) {
				measure(Objects.requireNonNull(this.contenders.get(name)),
						Objects.requireNonNull(this.figures.get(name)), events);
			}
		}
		return this;
	}

	/**
	 * Forget what was measured so far: it was the warm-up.
	 */
	void forget() {
		this.figures.replaceAll((name, old) -> new Figures());
	}

	private void measure(Contender contender, Figures into, long events) throws Exception {
		contender.prepare(events);
		Servers.Cpu start = this.servers.cpu();
		long startedAt = System.nanoTime();
		contender.run(events);
		double seconds = (System.nanoTime() - startedAt) / 1e9;
		Servers.Cpu used = this.servers.cpu().since(start);
		contender.finish();
		double per100k = 100_000.0 / events;
		into.add("eventsPerSecond", events / seconds);
		into.add("seconds", seconds);
		into.add("databaseCpuPer100k", used.database() * per100k);
		into.add("appCpuPer100k", used.app() * per100k);
		into.add("brokerCpuPer100k", used.broker() * per100k);
		into.add("processorsTakenByOthers", used.others() / seconds);
	}

	/**
	 * Write one line for each contender, with its speed as a share of the first one's.
	 */
	void report(String scenario, Map<String, ?> parameters) {
		Figures first = this.figures.values().iterator().next();
		this.figures.forEach((name, runs) -> {
			Map<String, Object> line = new LinkedHashMap<>();
			line.put("contender", name);
			line.putAll(parameters);
			line.putAll(runs.summary());
			if (runs != first) {
				line.put("ratioToFirst", new Sample(runs.ratios("eventsPerSecond", first)).summary());
			}
			this.report.line(scenario, line);
		});
	}

	/**
	 * One way to do it.
	 */
	interface Contender {

		/**
		 * Make ready what is not to be measured.
		 */
		default void prepare(long events) throws Exception {
		}

		/**
		 * Do what is measured.
		 */
		void run(long events) throws Exception;

		/**
		 * Put away what is not to be measured.
		 */
		default void finish() throws Exception {
		}

	}

}
