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

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import dev.outbox.fixtures.process.ForkedJvm;
import dev.outbox.fixtures.process.ForkedJvmBuilder;
import dev.outbox.lab.app.ContenderMain;

/**
 * A contender in a JVM of its own.
 */
final class ContenderProcess implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private final ForkedJvm jvm;

	private final Map<Integer, String> answers;

	private int questions;

	private ContenderProcess(ForkedJvm jvm, Map<Integer, String> answers) {
		this.jvm = jvm;
		this.answers = answers;
	}

	static ContenderProcess start(ContenderSpec spec, Rig rig) {
		ForkedJvmBuilder builder = ForkedJvm.of(ContenderMain.class)
			.name("lab-" + spec.id())
			.classPath(classPath(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
					spec.foreignLibraries()))
			.options("-Xmx1g")
			.options(rig.jvmOptions())
			.arguments(spec.mainType(), Boolean.toString(spec.tuned()));
		rig.properties().forEach(builder::systemProperty);
		Map<Integer, String> answers = new ConcurrentHashMap<>();
		builder.onLine((line) -> {
			String[] parts = line.split(" ", 3);
			if (parts.length == 3 && parts[0].equals("answer")) {
				answers.put(Integer.valueOf(parts[1]), parts[2]);
			}
		});
		ContenderProcess process = new ContenderProcess(builder.start(), answers);
		process.answerTo(0, PATIENCE);
		return process;
	}

	/**
	 * Leave out of a class path what configures itself.
	 */
	static String classPath(String all, Set<String> foreign) {
		return Arrays.stream(all.split(File.pathSeparator))
			.filter((entry) -> foreign.stream().noneMatch((library) -> isOf(library, entry)))
			.collect(Collectors.joining(File.pathSeparator));
	}

	/** A module of this build is a folder, anything else a jar. */
	private static boolean isOf(String library, String entry) {
		Path path = Path.of(entry);
		if (path.getNameCount() >= 3 && path.endsWith(Path.of("target", "classes"))) {
			return path.getName(path.getNameCount() - 3).toString().startsWith(library);
		}
		return path.getFileName() != null && path.getFileName().toString().startsWith(library);
	}

	/**
	 * Tell the contender to do something, and wait until it has.
	 * @param command what to do
	 * @param patience how long to wait
	 * @return its answer
	 */
	String ask(String command, Duration patience) {
		return answerTo(tell(command), patience);
	}

	String ask(String command) {
		return ask(command, PATIENCE);
	}

	/**
	 * Tell the contender to do something.
	 * @param command what to do
	 * @return the number by which to ask for the answer
	 */
	int tell(String command) {
		this.questions++;
		this.jvm.send(this.questions + " " + command);
		return this.questions;
	}

	String answerTo(int question, Duration patience) {
		long deadline = System.nanoTime() + patience.toNanos();
		while (!this.answers.containsKey(question)) {
			if (System.nanoTime() > deadline || !this.jvm.isAlive()) {
				throw new IllegalStateException("No answer within " + patience.toSeconds() + " s; " + this.jvm);
			}
			LockSupport.parkNanos(1_000_000);
		}
		failUnlessDone(question);
		return Objects.requireNonNull(this.answers.get(question)).substring(3);
	}

	/**
	 * Throw if the contender has said that it could not do something, or has ended.
	 */
	void failUnlessDone(int question) {
		String answer = this.answers.get(question);
		if (answer != null && !answer.startsWith("ok ")) {
			throw new IllegalStateException(answer);
		}
		if (answer == null && !this.jvm.isAlive()) {
			throw new IllegalStateException("The application has ended; " + this.jvm);
		}
	}

	double cpuSeconds() {
		return this.jvm.cpuSeconds();
	}

	/**
	 * Return the memory that the process has, in megabytes.
	 * @param field VmRSS for now, VmHWM for the most that it ever had
	 */
	double memory(String field) {
		try {
			return Files.readAllLines(Path.of("/proc", Long.toString(this.jvm.pid()), "status"))
				.stream()
				.filter((line) -> line.startsWith(field + ":"))
				.mapToDouble((line) -> Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024)
				.findFirst()
				.orElse(Double.NaN);
		}
		catch (IOException ex) {
			return Double.NaN;
		}
	}

	double heapMegabytes() {
		return Double.parseDouble(ask("heap")) / (1 << 20);
	}

	Path log() {
		return this.jvm.log();
	}

	void kill() {
		this.jvm.kill();
	}

	@Override
	public void close() {
		this.jvm.close();
	}

}
