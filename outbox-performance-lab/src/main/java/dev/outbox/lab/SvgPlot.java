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
import java.util.function.ToDoubleFunction;

/**
 * A picture of lines with logarithmic axes, for light and dark pages.
 */
final class SvgPlot {

	private static final List<String> COLOURS = List.of("#2f81f7", "#e5534b", "#57ab5a", "#c69026", "#986ee2",
			"#e275ad", "#39a9b8", "#8c6d4f", "#768390", "#cc6b2c", "#6b7bd6");

	private static final int WIDTH = 880;

	private static final int HEIGHT = 460;

	private static final int LEFT = 70;

	private static final int TOP = 40;

	private static final int RIGHT = 600;

	private static final int BOTTOM = 400;

	private final String title;

	private final String x;

	private final String y;

	private final List<Series> series = new ArrayList<>();

	SvgPlot(String title, String x, String y) {
		this.title = title;
		this.x = x;
		this.y = y;
	}

	/**
	 * Add a line.
	 * @param name the name in the legend
	 * @param dashed whether the line is dashed
	 * @param points pairs of positive numbers; none for a line that is left out
	 */
	void series(String name, boolean dashed, List<double[]> points) {
		if (!points.isEmpty()) {
			this.series.add(new Series(name, dashed, points));
		}
	}

	boolean isEmpty() {
		return this.series.isEmpty();
	}

	String toSvg() {
		Axis across = Axis.of(values((point) -> point[0]), LEFT, RIGHT);
		Axis up = Axis.of(values((point) -> point[1]), BOTTOM, TOP);
		StringBuilder svg = new StringBuilder();
		svg.append("""
				<svg xmlns="http://www.w3.org/2000/svg"
					viewBox="0 0 %d %d" role="img"
					font-family="system-ui, sans-serif" font-size="12">
				<title>%s</title>
				<style>
				.page { fill: #ffffff } .text { fill: #1f2328 } .grid { stroke: #d1d9e0 }
				.frame { stroke: #59636e; fill: none }
				@media (prefers-color-scheme: dark) {
					.page { fill: #0d1117 } .text { fill: #e6edf3 }
					.grid { stroke: #30363d } .frame { stroke: #9198a1 }
				}
				</style>
				<rect class="page" width="%d" height="%d"/>
				""".formatted(WIDTH, HEIGHT, escape(this.title), WIDTH, HEIGHT));
		text(svg, LEFT, 22, "start", "15", this.title);
		grid(svg, across, up);
		for (int i = 0; i < this.series.size(); i++) {
			draw(svg, this.series.get(i), COLOURS.get(colour(i)), across, up, i);
		}
		return svg.append("</svg>\n").toString();
	}

	/**
	 * Two lines of one contender have one colour: the first words of their names agree.
	 */
	private int colour(int index) {
		List<String> groups = this.series.stream()
			.map((one) -> one.name.replaceAll(", p\\d+$", ""))
			.distinct()
			.toList();
		return groups.indexOf(this.series.get(index).name.replaceAll(", p\\d+$", "")) % COLOURS.size();
	}

	private double[] values(ToDoubleFunction<double[]> coordinate) {
		return this.series.stream().flatMap((one) -> one.points.stream()).mapToDouble(coordinate).toArray();
	}

	private void grid(StringBuilder svg, Axis across, Axis up) {
		for (double tick : across.ticks()) {
			double at = across.at(tick);
			svg.append(line("grid", at, TOP, at, BOTTOM));
			text(svg, at, BOTTOM + 18, "middle", "12", label(tick));
		}
		for (double tick : up.ticks()) {
			double at = up.at(tick);
			svg.append(line("grid", LEFT, at, RIGHT, at));
			text(svg, LEFT - 8, at + 4, "end", "12", label(tick));
		}
		svg.append("<rect class=\"frame\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>%n".formatted(LEFT, TOP,
				RIGHT - LEFT, BOTTOM - TOP));
		text(svg, (LEFT + RIGHT) / 2.0, BOTTOM + 42, "middle", "13", this.x);
		String upright = "<text class=\"text\" transform=\"translate(18 %d) rotate(-90)\" text-anchor=\"middle\""
				+ " font-size=\"13\">%s</text>%n";
		svg.append(upright.formatted((TOP + BOTTOM) / 2, escape(this.y)));
	}

	private void draw(StringBuilder svg, Series one, String colour, Axis across, Axis up, int index) {
		String dashes = one.dashed ? " stroke-dasharray=\"6 4\"" : "";
		StringBuilder path = new StringBuilder();
		for (double[] point : one.points) {
			path.append(coordinates(across.at(point[0]), up.at(point[1]))).append(' ');
		}
		svg.append("<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s points=\"%s\"/>%n".formatted(colour,
				dashes, path.toString().trim()));
		for (double[] point : one.points) {
			svg.append(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\" fill=\"%s\"/>%n",
					across.at(point[0]), up.at(point[1]), colour));
		}
		int y = TOP + 12 + 20 * index;
		svg.append("<path stroke=\"%s\" stroke-width=\"2\"%s d=\"M%d %d h28\"/>%n".formatted(colour, dashes, RIGHT + 18,
				y - 4));
		text(svg, RIGHT + 54, y, "start", "12", one.name);
	}

	private static String coordinates(double x, double y) {
		return String.format(Locale.ROOT, "%.1f,%.1f", x, y);
	}

	private static String line(String type, double x1, double y1, double x2, double y2) {
		return String.format(Locale.ROOT, "<path class=\"%s\" d=\"M%.1f %.1f L%.1f %.1f\"/>%n", type, x1, y1, x2, y2);
	}

	private static void text(StringBuilder svg, double x, double y, String anchor, String size, String text) {
		svg.append(String.format(Locale.ROOT,
				"<text class=\"text\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" font-size=\"%s\">%s</text>%n", x, y,
				anchor, size, escape(text)));
	}

	private static String label(double tick) {
		if (tick >= 1_000_000) {
			return MarkdownReport.number(tick / 1_000_000) + " M";
		}
		return (tick >= 1_000) ? MarkdownReport.number(tick / 1_000) + " k" : MarkdownReport.number(tick);
	}

	private static String escape(String text) {
		return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
	}

	private record Series(String name, boolean dashed, List<double[]> points) {
	}

	/**
	 * A logarithmic axis.
	 *
	 * @param low logarithm of its beginning
	 * @param high logarithm of its end
	 * @param from where it begins in the picture
	 * @param to where it ends
	 */
	record Axis(double low, double high, double from, double to) {

		static Axis of(double[] values, double from, double to) {
			double low = Double.MAX_VALUE;
			double high = -Double.MAX_VALUE;
			for (double value : values) {
				low = Math.min(low, Math.log10(value));
				high = Math.max(high, Math.log10(value));
			}
			// Half a decade is the least, and no point lies on the frame.
			double margin = Math.max(0.05 * (high - low), (high - low < 0.5) ? 0.25 : 0.05);
			return new Axis(low - margin, high + margin, from, to);
		}

		double at(double value) {
			return this.from + (Math.log10(value) - this.low) / (this.high - this.low) * (this.to - this.from);
		}

		/**
		 * Return the powers of ten, and what lies between where there are few of them.
		 */
		List<Double> ticks() {
			List<Double> ticks = new ArrayList<>();
			double[] steps = (this.high - this.low < 2) ? new double[] { 1, 2, 5 } : new double[] { 1 };
			for (int power = (int) Math.floor(this.low); power <= this.high; power++) {
				for (double step : steps) {
					double tick = step * Math.pow(10, power);
					if (Math.log10(tick) >= this.low && Math.log10(tick) <= this.high) {
						ticks.add(tick);
					}
				}
			}
			return ticks;
		}

	}

}
