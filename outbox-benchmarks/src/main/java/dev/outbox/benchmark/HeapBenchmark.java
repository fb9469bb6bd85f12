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

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

import dev.outbox.fixtures.process.ForkedJvm;
import tools.jackson.databind.json.JsonMapper;

/**
 * How much heap the relay needs while millions of events wait: in a JVM of its own that
 * has no more than it should need.
 */
final class HeapBenchmark {

	private final Servers servers;

	private final Report report;

	HeapBenchmark(Servers servers, Report report) {
		this.servers = servers;
		this.report = report;
	}

	void measure(String name, long events) {
		String topic = this.servers.topic(name);
		try (EventTable table = new PostgresTable(this.servers.postgres())) {
			table.fill(new Backlog(topic, events, 200, 10_000, null));
			ForkedJvm jvm = ForkedJvm.of(HeapProbe.class)
				.options("-Xmx256m", "-XX:+UseG1GC")
				.arguments(table.address().url(), table.address().user(), this.servers.kafka().bootstrapServers(),
						Long.toString(events))
				.start();
			try (jvm) {
				String line = jvm.awaitLine((text) -> text.startsWith("{"), Duration.ofMinutes(15));
				Map<String, Object> fields = new LinkedHashMap<>(Map.of("waiting", events, "maxHeap", "256 MB"));
				JsonMapper.builder()
					.build()
					.readTree(line)
					.properties()
					.forEach((field) -> fields.put(field.getKey(), field.getValue().numberValue()));
				this.report.line(name, fields);
			}
		}
	}

}
