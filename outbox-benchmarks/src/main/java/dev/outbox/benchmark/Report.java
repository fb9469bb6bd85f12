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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import tools.jackson.databind.json.JsonMapper;

/**
 * Prints results, one line of JSON each, and appends them to a file.
 */
final class Report {

	private final JsonMapper json = JsonMapper.builder().build();

	private final Path file;

	Report(Path file) {
		this.file = file;
	}

	/**
	 * Write down what was measured.
	 * @param scenario what was measured
	 * @param fields how, and the figures
	 */
	void line(String scenario, Map<String, ?> fields) {
		Map<String, Object> line = new LinkedHashMap<>();
		line.put("scenario", scenario);
		line.putAll(fields);
		line.put("load", Sample.round(ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage()));
		String text = this.json.writeValueAsString(line);
		System.out.println(text);
		try {
			Path directory = this.file.toAbsolutePath().getParent();
			Files.createDirectories((directory != null) ? directory : Path.of("."));
			Files.writeString(this.file, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The figures of several runs, by name.
	 */
	static final class Figures {

		private final Map<String, List<Double>> values = new LinkedHashMap<>();

		void add(String name, double value) {
			this.values.computeIfAbsent(name, (key) -> new ArrayList<>()).add(value);
		}

		double median(String name) {
			return new Sample(this.values.getOrDefault(name, List.of())).median();
		}

		/**
		 * Divide run by run: both were measured one after the other.
		 */
		List<Double> ratios(String name, Figures other) {
			List<Double> mine = this.values.getOrDefault(name, List.of());
			List<Double> theirs = other.values.getOrDefault(name, List.of());
			List<Double> ratios = new ArrayList<>();
			for (int run = 0; run < mine.size(); run++) {
				ratios.add(mine.get(run) / theirs.get(run));
			}
			return ratios;
		}

		Map<String, Object> summary() {
			Map<String, Object> summary = new LinkedHashMap<>();
			this.values.forEach((name, runs) -> summary.put(name, new Sample(runs).summary()));
			return summary;
		}

	}

}
