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

package dev.outbox.sample;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.outbox.OutboxMessage;
import dev.outbox.publish.OutboxTemplate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * The dashboard and the alerts ask for what the sample shows.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = "sample.embedded.directory=target/quick-start")
class MonitoringTests {

	private static final Path OPERATIONS = Path.of("..", "docs", "operations");

	private static final Path RULES = OPERATIONS.resolve("prometheus");

	private static final Path DASHBOARD = OPERATIONS.resolve("grafana/outbox-dashboard.json");

	/** What Prometheus adds to each series, and what only several outboxes have. */
	private static final Set<String> ADDED = Set.of("instance", "job", "outbox");

	private static final Pattern METER = Pattern.compile("\\boutbox_\\w+\\b");

	private static final Pattern SELECTOR = Pattern.compile("(outbox_\\w+)\\{([^}]*)}");

	private static final Pattern GROUPING = Pattern.compile("\\b(?:by|on) \\(([^)]*)\\)");

	private final HttpClient http = HttpClient.newHttpClient();

	private final JsonMapper json = new JsonMapper();

	@Autowired
	private OutboxTemplate outbox;

	@LocalServerPort
	private int port;

	@Test
	void everyMeterAndLabelThatIsAskedForIsInAScrape() throws Exception {
		placeOrder();
		this.outbox.publishTransactional(tooLarge());
		Set<String> wanted = new TreeSet<>();
		expressions()
			.forEach((expression) -> METER.matcher(expression).results().map(MatchResult::group).forEach(wanted::add));
		await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
			Map<String, Set<String>> scrape = scrape();
			assertThat(scrape.keySet()).containsAll(wanted);
			assertThat(body()).containsPattern("outbox_dead_total\\{[^}]*} 1\\.0")
				.containsPattern("outbox_failed_total\\{[^}]*kind=\"fatal\"[^}]*} 1\\.0")
				.containsPattern("outbox_records\\{[^}]*status=\"dead\"[^}]*} 1\\.0");
		});
		Map<String, Set<String>> scrape = scrape();
		assertThat(expressions()).isNotEmpty().allSatisfy((expression) -> checkLabels(expression, scrape));
	}

	@Test
	void whatIsRecordedIsUsedAndWhatIsUsedIsRecorded() throws IOException {
		Set<String> recorded = new TreeSet<>();
		Set<String> used = new TreeSet<>();
		for (Map<String, Object> rule : rules()) {
			if (rule.get("record") != null) {
				recorded.add(rule.get("record").toString());
			}
			Pattern.compile("outbox:[\\w:]+")
				.matcher(rule.get("expr").toString())
				.results()
				.map(MatchResult::group)
				.forEach(used::add);
		}
		assertThat(used).isEqualTo(recorded);
	}

	@Test
	void everyAlertSaysWhatToDoAndHasItsSectionAndTests() throws IOException {
		String page = Files.readString(OPERATIONS.resolve("alerts.md"));
		String tests = Files.readString(RULES.resolve("outbox-alerts-test.yml"));
		assertThat(rules().stream().filter((rule) -> rule.containsKey("alert"))).hasSizeGreaterThan(10)
			.allSatisfy((rule) -> {
				String name = rule.get("alert").toString();
				Map<?, ?> annotations = (Map<?, ?>) rule.get("annotations");
				assertThat(annotations.get("summary").toString()).isNotEmpty();
				assertThat(page).contains("\n### " + name + "\n\n" + annotations.get("description") + "\n",
						"| [" + name + "](#" + name.toLowerCase() + ") | ");
				assertThat(annotations.get("runbook_url").toString())
					.endsWith("/docs/operations/alerts.md#" + name.toLowerCase());
				assertThat(tests).contains("name: \"" + name + ": ");
			});
	}

	/**
	 * A schema of our own: Grafana publishes none that can be had without it.
	 */
	@Test
	void theDashboardIsOneThatGrafanaCanRead() throws IOException {
		JsonNode dashboard = this.json.readTree(Files.readString(DASHBOARD));
		assertThat(dashboard.get("title").isString()).isTrue();
		assertThat(dashboard.get("schemaVersion").intValue()).isGreaterThanOrEqualTo(36);
		assertThat(dashboard.at("/templating/list").valueStream().map((variable) -> variable.get("name").stringValue()))
			.containsExactly("datasource", "application", "outbox", "instance");
		List<JsonNode> panels = dashboard.get("panels").valueStream().toList();
		assertThat(panels.stream().map((panel) -> panel.get("id").intValue())).doesNotHaveDuplicates();
		assertThat(panels).allSatisfy((panel) -> {
			JsonNode place = panel.get("gridPos");
			assertThat(place.get("x").intValue() + place.get("w").intValue()).isBetween(1, 24);
			assertThat(place.get("h").intValue()).isPositive();
			assertThat(panel.get("title").stringValue()).isNotEmpty();
		});
		assertThat(panels.stream().filter((panel) -> !panel.get("type").stringValue().equals("row")))
			.hasSizeGreaterThan(15)
			.allSatisfy((panel) -> {
				assertThat(panel.get("type").stringValue()).isIn("stat", "timeseries", "heatmap", "state-timeline");
				assertThat(panel.path("description").asString()).hasSizeGreaterThan(40);
				assertThat(panel.at("/datasource/uid").asString()).isEqualTo("${datasource}");
				assertThat(panel.get("targets").valueStream()).isNotEmpty().allSatisfy((target) -> {
					assertThat(target.get("expr").stringValue()).contains("$application", "$outbox");
					assertThat(target.get("refId").stringValue()).isNotEmpty();
					assertThat(target.at("/datasource/uid").asString()).isEqualTo("${datasource}");
				});
			});
		assertThat(overlaps(panels)).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "check rules outbox-alerts.yml", "test rules outbox-alerts-test.yml" })
	void promtoolFindsNoFault(String command) throws Exception {
		assumeThat(isInstalled()).as("promtool, of the package prometheus").isTrue();
		assertThat(promtool(command.split(" "))).contains("SUCCESS");
	}

	@Test
	void promtoolUnderstandsEveryQueryOfTheDashboard() throws Exception {
		assumeThat(isInstalled()).as("promtool, of the package prometheus").isTrue();
		List<String> rules = new ArrayList<>(List.of("groups:", "  - name: dashboard", "    rules:"));
		for (String query : queries()) {
			rules.add("      - record: query:" + rules.size());
			rules.add("        expr: " + this.json.writeValueAsString(query.replace("$__rate_interval", "5m")));
		}
		Path file = Files.write(Path.of("target", "dashboard-rules.yml").toAbsolutePath(), rules);
		assertThat(promtool("check", "rules", file.toString())).contains("SUCCESS: " + queries().size() + " rules");
	}

	private static void checkLabels(String expression, Map<String, Set<String>> scrape) {
		Set<String> known = new TreeSet<>(ADDED);
		METER.matcher(expression).results().map(MatchResult::group).map(scrape::get).forEach(known::addAll);
		if (expression.contains("outbox:")) {
			scrape.values().forEach(known::addAll);
		}
		GROUPING.matcher(expression)
			.results()
			.flatMap((match) -> Stream.of(match.group(1).split(",")))
			.forEach((label) -> assertThat(known).as(expression).contains(label.strip()));
		SELECTOR.matcher(expression).results().forEach((selector) -> {
			Matcher label = Pattern.compile("(\\w+)\\s*(?:=~|!~|!=|=)").matcher(selector.group(2));
			while (label.find()) {
				assertThat(label.group(1)).as(expression)
					.matches((name) -> ADDED.contains(name) || scrape.get(selector.group(1)).contains(name));
			}
		});
	}

	private List<String> expressions() throws IOException {
		List<String> expressions = new ArrayList<>(queries());
		rules().forEach((rule) -> expressions.add(rule.get("expr").toString().replaceAll("#.*", "")));
		this.json.readTree(Files.readString(DASHBOARD))
			.at("/templating/list")
			.valueStream()
			.filter((variable) -> variable.get("type").stringValue().equals("query"))
			.forEach((variable) -> expressions.add(variable.at("/query/query").asString()));
		return expressions;
	}

	private List<String> queries() throws IOException {
		return this.json.readTree(Files.readString(DASHBOARD)).findValuesAsString("expr");
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> rules() throws IOException {
		Map<String, Object> file = new Yaml().load(Files.readString(RULES.resolve("outbox-alerts.yml")));
		return ((List<Map<String, Object>>) file.get("groups")).stream()
			.flatMap((group) -> ((List<Map<String, Object>>) group.get("rules")).stream())
			.toList();
	}

	private static List<String> overlaps(List<JsonNode> panels) {
		Map<String, String> cells = new TreeMap<>();
		List<String> overlaps = new ArrayList<>();
		for (JsonNode panel : panels) {
			JsonNode place = panel.get("gridPos");
			for (int x = 0; x < place.get("w").intValue(); x++) {
				for (int y = 0; y < place.get("h").intValue(); y++) {
					String cell = (place.get("x").intValue() + x) + "," + (place.get("y").intValue() + y);
					String other = cells.put(cell, panel.get("title").stringValue());
					if (other != null) {
						overlaps.add(other + " and " + panel.get("title").stringValue() + " at " + cell);
					}
				}
			}
		}
		return overlaps;
	}

	/**
	 * The labels of each meter that is shown.
	 */
	private Map<String, Set<String>> scrape() throws IOException, InterruptedException {
		Map<String, Set<String>> scrape = new TreeMap<>();
		Pattern.compile("^(outbox_\\w+)(?:\\{([^}]*)})? ", Pattern.MULTILINE)
			.matcher(body())
			.results()
			.forEach((series) -> {
				Set<String> labels = scrape.computeIfAbsent(series.group(1), (name) -> new TreeSet<>());
				if (series.group(2) != null) {
					Pattern.compile("(\\w+)=\"")
						.matcher(series.group(2))
						.results()
						.forEach((label) -> labels.add(label.group(1)));
				}
			});
		return scrape;
	}

	private String body() throws IOException, InterruptedException {
		URI uri = URI.create("http://localhost:" + this.port + "/actuator/prometheus");
		return this.http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).body();
	}

	private void placeOrder() throws IOException, InterruptedException {
		Readme.Curl order = Readme.curls().get(0);
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + order.path()))
			.header(order.headerName(), order.headerValue())
			.POST(BodyPublishers.ofString(order.body()))
			.build();
		assertThat(this.http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
	}

	/**
	 * Within the limit of the outbox, and with its headers beyond that of the producer.
	 */
	private static OutboxMessage tooLarge() {
		return OutboxMessage.builder()
			.eventType("order.noted")
			.key("too-large")
			.destination("orders")
			.payload("\"" + "x".repeat(1_048_500) + "\"")
			.build();
	}

	private static boolean isInstalled() {
		return Stream.of(System.getenv("PATH").split(":"))
			.anyMatch((folder) -> Files.isExecutable(Path.of(folder, "promtool")));
	}

	private static String promtool(String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of("promtool"));
		command.addAll(List.of(arguments));
		Process process = new ProcessBuilder(command).directory(RULES.toFile()).redirectErrorStream(true).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(process.waitFor()).as(output).isZero();
		return output;
	}

}
