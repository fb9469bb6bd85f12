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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Writes the page of a run, and its pictures.
 */
final class MarkdownReport {

	private static final Map<String, String> COLUMNS = columns();

	private final Results results;

	private final StringBuilder page = new StringBuilder();

	MarkdownReport(Results results) {
		this.results = results;
	}

	private static Map<String, String> columns() {
		Map<String, String> columns = new LinkedHashMap<>();
		columns.put("eventsPerSecond", "events/s");
		columns.put("share", "share delivered");
		columns.put("p50Millis", "p50 ms");
		columns.put("p90Millis", "p90 ms");
		columns.put("p99Millis", "p99 ms");
		columns.put("p999Millis", "p99.9 ms");
		columns.put("mostMillis", "longest ms");
		columns.put("transactionsPerSecond", "transactions/s");
		columns.put("bareTransactionsPerSecond", "without event");
		columns.put("ratioToBare", "ratio");
		columns.put("longestDelaySeconds", "longest delay s");
		columns.put("lost", "missing");
		columns.put("secondsUntilOthers", "s until all others");
		columns.put("shareOfOthers", "share of others");
		columns.put("sentOfThePoisonedKey", "sent of that key");
		columns.put("databaseTransactionsPerSecond", "database transactions/s");
		columns.put("appCpuPercent", "application CPU %");
		columns.put("databaseCpuPercent", "database CPU %");
		columns.put("cpuMicrosPerEvent", "CPU µs/event");
		columns.put("appCpuPer100k", "application s/100k");
		columns.put("databaseCpuPer100k", "database s/100k");
		columns.put("appCpuMicrosPerEvent", "application µs/event");
		columns.put("databaseCpuMicrosPerEvent", "database µs/event");
		columns.put("logBytesPerEventWriting", "log B/event written");
		columns.put("logBytesPerEventDelivering", "log B/event delivered");
		columns.put("outOfOrder", "out of order");
		columns.put("duplicates", "duplicates");
		columns.put("residentMegabytes", "resident MB");
		columns.put("heapMegabytesAfterCollection", "heap MB");
		return columns;
	}

	void write(Path folder) throws IOException {
		Plots plots = new Plots(this.results);
		Map<String, String> pictures = plots.draw();
		for (Map.Entry<String, String> picture : pictures.entrySet()) {
			Files.writeString(folder.resolve(picture.getKey()), picture.getValue());
		}
		Files.writeString(folder.resolve("results.md"), render(List.copyOf(pictures.keySet())));
	}

	String render(List<String> pictures) {
		line("# Beside the peers: results");
		line("");
		Options options = this.results.options();
		line("Written by the performance lab from [results.json](results.json): preset `%s`, %d rounds, %s, %s. %s",
				options.preset().name(), options.rounds(), options.isPostgres() ? "PostgreSQL" : "MariaDB",
				options.isKafka() ? "Kafka" : "RabbitMQ",
				"Each figure is the median of the rounds, with the lowest and the highest beside it where they differ.");
		line("");
		pictures.forEach((picture) -> line("![%s](%s)%n", Plots.title(picture), picture));
		peerWins();
		for (LabCase one : this.results.cases()) {
			table(one);
		}
		contenders();
		machine();
		return this.page.toString().stripTrailing() + "\n";
	}

	private void peerWins() {
		line("## Where a peer wins");
		line("");
		List<Results.Defeat> defeats = this.results.defeats();
		if (defeats.isEmpty()) {
			line("In no case of this run.");
			line("");
			return;
		}
		line("| case | | peer | outbox |");
		line("|---|---|---|---|");
		for (Results.Defeat defeat : defeats) {
			line("| %s, %s | %s | %s | %s |", defeat.one().title(),
					COLUMNS.getOrDefault(defeat.one().figure(), defeat.one().figure()), defeat.winner().title(),
					number(defeat.theirs()), number(defeat.ours()));
		}
		line("");
	}

	private void table(LabCase one) {
		line("## %s", one.title());
		line("");
		Map<ContenderSpec, Figures> contenders = this.results.contenders(one);
		List<String> names = COLUMNS.keySet()
			.stream()
			.filter((name) -> contenders.values().stream().anyMatch((figures) -> figures.has(name)))
			.toList();
		line("`%s`", one.name());
		line("");
		StringBuilder head = new StringBuilder("| |");
		StringBuilder rule = new StringBuilder("|---|");
		names.forEach((name) -> {
			head.append(' ').append(COLUMNS.get(name)).append(" |");
			rule.append("---|");
		});
		line("%s", head);
		line("%s", rule);
		List<String> notes = new ArrayList<>();
		contenders.forEach((spec, figures) -> {
			StringBuilder row = new StringBuilder("| " + spec.title() + " |");
			names.forEach((name) -> row.append(' ').append(cell(figures.values().get(name))).append(" |"));
			line("%s", row);
			figures.notes().forEach((note) -> notes.add(spec.title() + ": " + note));
		});
		line("");
		if (!notes.isEmpty()) {
			line("%s.", String.join("; ", notes));
			line("");
		}
	}

	private void contenders() {
		line("## The contenders");
		line("");
		line("| | order of a key's events, and settings |");
		line("|---|---|");
		this.results.options().contenders().forEach((spec) -> line("| %s | %s |", spec.title(), spec.order()));
		line("");
	}

	private void machine() {
		line("## The machine");
		line("");
		line("| | |");
		line("|---|---|");
		this.results.machine().forEach((name, value) -> line("| %s | %s |", name, value));
	}

	private static String cell(@Nullable List<Double> runs) {
		if (runs == null || runs.isEmpty()) {
			return "";
		}
		Spread spread = new Spread(runs);
		String median = number(spread.median());
		String lowest = number(spread.lowest());
		String highest = number(spread.highest());
		return (lowest.equals(highest)) ? median : median + " (" + lowest + "–" + highest + ")";
	}

	/**
	 * Write a number as a reader wants it.
	 */
	static String number(double value) {
		if (Double.isNaN(value)) {
			return "none";
		}
		double rounded = Spread.round(value);
		if (rounded == Math.rint(rounded)) {
			return String.format(Locale.ROOT, "%,.0f", rounded);
		}
		double size = Math.abs(rounded);
		return String.format(Locale.ROOT, (size >= 10) ? "%.1f" : (size >= 1) ? "%.2f" : "%.3f", rounded);
	}

	private void line(String format, Object... arguments) {
		this.page.append((arguments.length == 0) ? format : String.format(Locale.ROOT, format, arguments)).append('\n');
	}

}
