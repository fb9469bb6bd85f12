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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MarkdownReport}, {@link Results}, {@link Plots} and {@link SvgPlot}.
 */
class MarkdownReportTests {

	private final Options options = Options.parse("drain-10k", "drain-100k", "latency-200", "latency-1000", "idle");

	private final List<LabCase> cases = Cases.of(this.options);

	private final Results results = new Results(this.options, this.cases);

	MarkdownReportTests() {
		this.results.machine(Map.of("cores", "2"));
		add("drain-10k", ContenderSpec.OURS, "eventsPerSecond", 100_000, 120_000);
		add("drain-10k", ContenderSpec.NAMASTACK, "eventsPerSecond", 50);
		add("drain-100k", ContenderSpec.OURS, "eventsPerSecond", 150_000);
		add("latency-200", ContenderSpec.OURS, "p99Millis", 5);
		add("latency-200", ContenderSpec.OURS, "p50Millis", 2);
		add("latency-200", ContenderSpec.MODULITH_TUNED, "p99Millis", 4);
		add("latency-200", ContenderSpec.LOGICAL, "p99Millis", 1);
		figures("latency-200", ContenderSpec.GRUELBOX).note("failed: it did not start");
	}

	@Test
	void listsTheCasesInWhichAPeerIsBetterAndNoLimits() {
		assertThat(this.results.defeats()).singleElement().satisfies((defeat) -> {
			assertThat(defeat.winner()).isEqualTo(ContenderSpec.MODULITH_TUNED);
			assertThat(defeat.one().name()).isEqualTo("latency-200");
		});
	}

	@Test
	void whoAloneHasAFigureIsBetter() {
		figures("latency-1000", ContenderSpec.OURS).note("failed: it did not start");
		add("latency-1000", ContenderSpec.NAMASTACK, "p99Millis", 900);
		assertThat(this.results.defeats()).extracting(Results.Defeat::winner).contains(ContenderSpec.NAMASTACK);
		assertThat(new MarkdownReport(this.results).render(List.of()))
			.contains("p99 ms | namastack-outbox | 900 | none |");
	}

	@Test
	void thePageHasMedianAndSpreadAndFailures() {
		String page = new MarkdownReport(this.results).render(List.of("latency.svg"));
		assertThat(page).contains("| outbox | 110,000 (100,000–120,000) |")
			.contains("| namastack-outbox | 50 |")
			.contains("transaction-outbox: failed: it did not start.")
			.contains("p99 ms | Spring Modulith, tuned | 4 | 5 |")
			.contains("](latency.svg)")
			.contains("| cores | 2 |")
			.doesNotContain("Nothing to do");
	}

	@Test
	void theFileHasAllFigures() {
		JsonNode json = JsonMapper.builder().build().readTree(this.results.toJson());
		JsonNode ours = json.at("/cases/drain-10k/contenders/ours/figures/eventsPerSecond");
		assertThat(ours.get("median").asDouble()).isEqualTo(110_000);
		assertThat(ours.get("runs").size()).isEqualTo(2);
		assertThat(json.at("/peerWins/0/winner").asString()).isEqualTo("modulith-tuned");
		assertThat(json.at("/cases/latency-200/contenders/gruelbox/notes/0").asString()).contains("did not start");
	}

	@Test
	void thePicturesAreThere(@TempDir Path folder) throws Exception {
		new MarkdownReport(this.results).write(folder);
		assertThat(folder.resolve("throughput.svg")).isRegularFile();
		assertThat(folder.resolve("latency.svg")).isRegularFile();
		assertThat(folder.resolve("cpu.svg")).doesNotExist();
		DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(folder.resolve("throughput.svg").toFile());
		assertThat(Files.readString(folder.resolve("throughput.svg"))).contains(">outbox<")
			.contains(">namastack-outbox<")
			.contains("waiting events")
			.contains("prefers-color-scheme: dark");
	}

	@Test
	void aLogarithmicAxisHasItsTicksInside() {
		SvgPlot.Axis axis = SvgPlot.Axis.of(new double[] { 10, 100_000 }, 0, 100);
		assertThat(axis.ticks()).containsExactly(10.0, 100.0, 1_000.0, 10_000.0, 100_000.0);
		assertThat(axis.at(10)).isGreaterThan(0);
		assertThat(axis.at(100_000)).isLessThan(100);
		assertThat(SvgPlot.Axis.of(new double[] { 100 }, 0, 100).ticks()).contains(100.0);
	}

	private void add(String name, ContenderSpec spec, String figure, double... values) {
		for (double value : values) {
			figures(name, spec).add(figure, value);
		}
	}

	private Figures figures(String name, ContenderSpec spec) {
		return this.results.of(this.cases.stream().filter((one) -> one.name().equals(name)).findFirst().orElseThrow(),
				spec);
	}

}
