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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Measures this library beside others: whole applications, on the same servers, in one
 * run.
 */
public final class Lab {

	private final Options options;

	private final List<LabCase> cases;

	private final Results results;

	private final long started = System.nanoTime();

	private int done;

	private int planned;

	private Lab(Options options) {
		this.options = options;
		this.cases = Cases.of(options);
		this.results = new Results(options, this.cases);
	}

	/**
	 * Measure, and write down the results.
	 * @param arguments names of cases, or their beginnings, and options
	 * @throws Exception if the servers cannot be started or the results not be written
	 */
	public static void main(String[] arguments) throws Exception {
		Options options = Options.parse(arguments);
		Results results = measure(options);
		write(results, options.out());
		System.out.println("results: " + options.out().toAbsolutePath());
	}

	/**
	 * Measure all that the options say.
	 */
	static Results measure(Options options) {
		Lab lab = new Lab(options);
		try (Rig rig = new Rig(options)) {
			lab.results.machine(Machine.describe(rig));
			lab.run(rig);
		}
		return lab.results;
	}

	/**
	 * The broker and the consumer are the same for all, and must not be slow for those
	 * who come first.
	 */
	private void warmUp(Rig rig) {
		if (this.options.preset().name().equals("smoke")) {
			return;
		}
		boolean limits = ContenderSpec.HAND_WRITTEN.supports(this.options.database(), this.options.broker());
		ContenderSpec spec = limits ? ContenderSpec.HAND_WRITTEN : ContenderSpec.OURS;
		try (Session session = Session.open(spec, rig, this.options.preset())) {
			System.out.println("warmed up with " + session.spec().title());
		}
		catch (Exception ex) {
			throw new IllegalStateException("The servers could not be warmed up: " + reason(ex), ex);
		}
	}

	private void run(Rig rig) {
		warmUp(rig);
		this.planned = this.options.rounds() * this.options.contenders().stream().mapToInt(this::casesOf).sum();
		for (int round = 0; round < this.options.rounds(); round++) {
			List<ContenderSpec> order = new ArrayList<>(this.options.contenders());
			if (round % 2 == 1) {
				// Whatever changes slowly hits all of them alike.
				Collections.reverse(order);
			}
			for (ContenderSpec spec : order) {
				measure(spec, rig);
				// What is interrupted later is not lost.
				write(this.results, this.options.out());
			}
		}
	}

	private int casesOf(ContenderSpec spec) {
		return (int) this.cases.stream().filter((one) -> one.takesPart().test(spec)).count();
	}

	private void measure(ContenderSpec spec, Rig rig) {
		Session session = null;
		for (LabCase one : this.cases) {
			if (!one.takesPart().test(spec)) {
				continue;
			}
			Figures into = this.results.of(one, spec);
			long start = System.nanoTime();
			try {
				if (session == null) {
					session = Session.open(spec, rig, this.options.preset());
				}
				one.measurement().measure(session, into);
				progress(one, spec, start, into, null);
			}
			catch (Exception ex) {
				String reason = reason(ex);
				into.note("failed: " + reason);
				progress(one, spec, start, into, reason);
				close(session);
				session = null;
			}
		}
		close(session);
	}

	/** The first line: what follows are the last lines of a log. */
	private static String reason(Exception ex) {
		String text = (ex.getMessage() != null) ? ex.getMessage() : ex.getClass().getSimpleName();
		String line = text.lines().findFirst().orElse(text);
		return (line.length() > 300) ? line.substring(0, 300) + "…" : line;
	}

	private static void close(@Nullable Session session) {
		if (session != null) {
			session.close();
		}
	}

	private void progress(LabCase one, ContenderSpec spec, long start, Figures into, @Nullable String failure) {
		this.done++;
		double seconds = (System.nanoTime() - this.started) / 1e9;
		long left = Math.round(seconds / this.done * (this.planned - this.done));
		System.out.printf("[%d/%d, about %d:%02d left] %s, %s: %s (%.1f s)%n", this.done, this.planned, left / 60,
				left % 60, one.name(), spec.title(), (failure != null) ? "FAILED: " + failure : summary(one, into),
				Duration.ofNanos(System.nanoTime() - start).toMillis() / 1000.0);
	}

	private static String summary(LabCase one, Figures into) {
		List<Double> runs = into.values().getOrDefault(one.figure(), List.of());
		return one.figure() + " " + (runs.isEmpty() ? "-" : Spread.round(runs.get(runs.size() - 1)))
				+ (into.notes().isEmpty() ? "" : " " + into.notes());
	}

	private static void write(Results results, Path out) {
		try {
			Files.createDirectories(out);
			Files.writeString(out.resolve("results.json"), results.toJson());
			new MarkdownReport(results).write(out);
		}
		catch (IOException ex) {
			throw new IllegalStateException("The results cannot be written to " + out, ex);
		}
	}

}
