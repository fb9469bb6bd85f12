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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.outbox.relay.Ordering;

/**
 * Runs scenarios by name against a database and a broker that it starts itself.
 */
public final class Benchmarks {

	private final Map<String, Scenario> scenarios = new LinkedHashMap<>();

	private Benchmarks(Servers servers, Report report, Options options) {
		DrainBenchmark drain = new DrainBenchmark(servers, report, options);
		this.scenarios.put("drain-100k-200B", (name) -> drain.drain(name, 100_000, 200, false));
		this.scenarios.put("drain-100k-1KB", (name) -> drain.drain(name, 100_000, 1024, false));
		this.scenarios.put("drain-100k-200B-headers", (name) -> drain.drain(name, 100_000, 200, true));
		this.scenarios.put("drain-1M-200B", (name) -> drain.drain(name, 1_000_000, 200, false));
		this.scenarios.put("drain-1M-1KB", (name) -> drain.drain(name, 1_000_000, 1024, false));
		this.scenarios.put("databases-drain-100k-200B",
				(name) -> drain.databases(name, "MariaDB", () -> new MariaDbTable(servers.mariadb()), 100_000, 200));
		this.scenarios.put("databases-drain-1M-200B",
				(name) -> drain.databases(name, "MariaDB", () -> new MariaDbTable(servers.mariadb()), 1_000_000, 200));
		this.scenarios.put("mongo-drain-100k-200B", (name) -> drain.databases(name, "a double of MongoDB",
				() -> new MongoCollections(servers.mongo(), name), 100_000, 200));
		this.scenarios.put("held-1M-200B", (name) -> drain.held(name, 1_000_000, 200));
		this.scenarios.put("archived-1M",
				(name) -> drain.archived(name, () -> new PostgresTable(servers.postgres()), 100_000, 1_000_000));
		this.scenarios.put("archived-mariadb-1M",
				(name) -> drain.archived(name, () -> new MariaDbTable(servers.mariadb()), 100_000, 1_000_000));
		this.scenarios.put("hot-key-strict", (name) -> drain.hotKey(name, Ordering.STRICT, 20_000));
		this.scenarios.put("hot-key-pipelined", (name) -> drain.hotKey(name, Ordering.PIPELINED, 100_000));
		RabbitBenchmark rabbit = new RabbitBenchmark(servers, report, options);
		this.scenarios.put("rabbit-drain-100k-200B", (name) -> rabbit.drain(name, 100_000, 200, false));
		this.scenarios.put("rabbit-drain-100k-200B-headers", (name) -> rabbit.drain(name, 100_000, 200, true));
		LatencyBenchmark latency = new LatencyBenchmark(servers, report, options);
		this.scenarios.put("latency-200", (name) -> latency.onPostgres(name, 200));
		this.scenarios.put("latency-1000", (name) -> latency.onPostgres(name, 1000));
		this.scenarios.put("mariadb-latency-200", (name) -> latency.onMariaDb(name, 200));
		this.scenarios.put("mariadb-latency-1000", (name) -> latency.onMariaDb(name, 1000));
		this.scenarios.put("mongo-latency-200", (name) -> latency.onMongo(name, 200));
		this.scenarios.put("mongo-latency-1000", (name) -> latency.onMongo(name, 1000));
		this.scenarios.put("rabbit-latency-200", (name) -> latency.toRabbit(name, 200));
		this.scenarios.put("rabbit-latency-1000", (name) -> latency.toRabbit(name, 1000));
		WriteBenchmark write = new WriteBenchmark(servers, report, options);
		this.scenarios.put("write-1-thread", (name) -> write.measure(name, 1, 10_000));
		this.scenarios.put("write-4-threads", (name) -> write.measure(name, 4, 20_000));
		this.scenarios.put("write-16-threads", (name) -> write.measure(name, 16, 32_000));
		JpaBenchmark jpa = new JpaBenchmark(servers, report, options);
		this.scenarios.put("jpa-1-thread", (name) -> jpa.measure(name, 1, 10_000));
		this.scenarios.put("jpa-4-threads", (name) -> jpa.measure(name, 4, 20_000));
		this.scenarios.put("scrape-5M", (name) -> new ScrapeBenchmark(servers, report).measure(name, 5_000_000));
		HeapBenchmark heap = new HeapBenchmark(servers, report);
		this.scenarios.put("heap-5M", (name) -> heap.measure(name, 5_000_000));
	}

	/**
	 * Run scenarios.
	 * @param arguments names of scenarios, or beginnings of names, and options
	 * @throws Exception if one of them fails
	 */
	public static void main(String[] arguments) throws Exception {
		List<String> names = new ArrayList<>();
		List<String> options = new ArrayList<>();
		for (String argument : arguments) {
			(argument.startsWith("--") ? options : names).add(argument);
		}
		Options parsed = Options.parse(options);
		try (Servers servers = new Servers()) {
			new Benchmarks(servers, new Report(parsed.file()), parsed).run(names);
		}
	}

	private void run(List<String> wanted) throws Exception {
		for (Map.Entry<String, Scenario> scenario : this.scenarios.entrySet()) {
			if (wanted.isEmpty() || wanted.stream().anyMatch(scenario.getKey()::startsWith)) {
				scenario.getValue().run(scenario.getKey());
			}
		}
	}

	private interface Scenario {

		void run(String name) throws Exception;

	}

}
