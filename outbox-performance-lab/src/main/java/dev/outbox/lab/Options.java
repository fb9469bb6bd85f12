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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What is asked for on the command line.
 *
 * @param cases names of cases, or their beginnings; all where there are none
 * @param contenders who takes part
 * @param database postgres or mariadb
 * @param broker kafka or rabbit
 * @param preset how much of each case
 * @param rounds how often everybody does everything
 * @param out the folder of the results
 */
record Options(List<String> cases, List<ContenderSpec> contenders, String database, String broker, Preset preset,
		int rounds, Path out) {

	static Options parse(String... arguments) {
		List<String> cases = new ArrayList<>();
		List<ContenderSpec> contenders = List.of(ContenderSpec.values());
		String database = "postgres";
		String broker = "kafka";
		Preset preset = Preset.docs();
		int rounds = 0;
		Path out = Path.of("target", "performance");
		for (String argument : arguments) {
			String value = argument.substring(argument.indexOf('=') + 1);
			switch (argument.startsWith("--") ? argument.replaceAll("=.*", "") : "") {
				case "" -> cases.add(argument);
				case "--contenders" -> contenders = ContenderSpec.parse(value);
				case "--database" -> database = oneOf(argument, value, "postgres", "mariadb");
				case "--broker" -> broker = oneOf(argument, value, "kafka", "rabbit");
				case "--preset" -> preset = Preset.named(value);
				case "--quick" -> preset = Preset.quick();
				case "--runs" -> rounds = Integer.parseInt(value);
				case "--out" -> out = Path.of(value);
				default -> throw new IllegalArgumentException("Unknown option '" + argument + "'; nothing was started. "
						+ "There are --contenders, --database, --broker, --preset, --quick, --runs and --out");
			}
		}
		String onDatabase = database;
		String toBroker = broker;
		return new Options(cases, contenders.stream().filter((spec) -> spec.supports(onDatabase, toBroker)).toList(),
				database, broker, preset, (rounds > 0) ? rounds : preset.rounds(), out);
	}

	private static String oneOf(String argument, String value, String... allowed) {
		if (!List.of(allowed).contains(value)) {
			throw new IllegalArgumentException(
					"'" + argument + "' is none of " + List.of(allowed) + "; nothing was started");
		}
		return value;
	}

	boolean isPostgres() {
		return this.database.equals("postgres");
	}

	boolean isKafka() {
		return this.broker.equals("kafka");
	}

	boolean wants(String name) {
		return this.cases.isEmpty() || this.cases.stream().anyMatch(name::startsWith);
	}

}
