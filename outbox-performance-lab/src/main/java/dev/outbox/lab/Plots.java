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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The pictures of a run.
 */
final class Plots {

	private static final Pattern NUMBER = Pattern.compile("[0-9]+");

	private static final Map<String, String> TITLES = Map.of("throughput.svg",
			"Events per second over the backlog, 200 B each", "latency.svg",
			"Latency in milliseconds: median and 99 % over the load", "cpu.svg",
			"Processor time per event in microseconds, application and database");

	private final Results results;

	Plots(Results results) {
		this.results = results;
	}

	static String title(String picture) {
		return TITLES.getOrDefault(picture, picture);
	}

	/**
	 * Draw what there are figures for.
	 * @return the pictures by the names of their files
	 */
	Map<String, String> draw() {
		Map<String, String> pictures = new LinkedHashMap<>();
		SvgPlot throughput = lines("throughput.svg", "drain-", "eventsPerSecond", "waiting events", "events/s");
		if (!throughput.isEmpty()) {
			pictures.put("throughput.svg", throughput.toSvg());
		}
		SvgPlot latency = latency();
		if (!latency.isEmpty()) {
			pictures.put("latency.svg", latency.toSvg());
		}
		SvgPlot cpu = lines("cpu.svg", "drain-", "cpuMicrosPerEvent", "waiting events", "µs per event");
		if (!cpu.isEmpty()) {
			pictures.put("cpu.svg", cpu.toSvg());
		}
		return pictures;
	}

	private SvgPlot lines(String file, String prefix, String figure, String x, String y) {
		SvgPlot plot = new SvgPlot(title(file), x, y);
		for (ContenderSpec spec : this.results.options().contenders()) {
			plot.series(spec.title(), spec.isLimit(), points(prefix, figure, spec));
		}
		return plot;
	}

	private SvgPlot latency() {
		SvgPlot plot = new SvgPlot(title("latency.svg"), "transactions per second", "ms");
		for (ContenderSpec spec : this.results.options().contenders()) {
			if (!spec.isLimit() && !(spec.isOurs() && spec.tuned())) {
				plot.series(spec.title() + ", p50", false, points("latency-", "p50Millis", spec));
				plot.series(spec.title() + ", p99", true, points("latency-", "p99Millis", spec));
			}
		}
		return plot;
	}

	private List<double[]> points(String prefix, String figure, ContenderSpec spec) {
		List<double[]> points = new ArrayList<>();
		for (LabCase one : this.results.cases()) {
			Figures figures = this.results.contenders(one).get(spec);
			if (one.name().startsWith(prefix) && figures != null && figures.median(figure) > 0) {
				points.add(new double[] { number(one.name()), figures.median(figure) });
			}
		}
		return points;
	}

	private static double number(String name) {
		Matcher matcher = NUMBER.matcher(name);
		double number = matcher.find() ? Double.parseDouble(matcher.group()) : 1;
		return number * (name.endsWith("M") ? 1_000_000 : name.endsWith("k") ? 1_000 : 1);
	}

}
