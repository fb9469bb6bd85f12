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

package dev.outbox.sample.launcher;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * An instance of the shop: a JVM of its own, on the class path of this one. It ends with
 * this JVM, because its standard input does. Thread-safe.
 */
final class Instance {

	private static final String APPLICATION = "dev.outbox.sample.SampleApplication";

	/** For a short start; a JVM that is to run for long has other options. */
	private static final List<String> JVM_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m");

	private final String name;

	private final boolean aot;

	private final List<String> arguments;

	private State state = State.STOPPED;

	private @Nullable Process process;

	private int port;

	/**
	 * Creates an instance that does not run yet.
	 * @param name its name
	 * @param aot whether it starts with the beans that were prepared at build time
	 * @param arguments its arguments
	 */
	Instance(String name, boolean aot, List<String> arguments) {
		this.name = name;
		this.aot = aot;
		this.arguments = List.copyOf(arguments);
	}

	String name() {
		return this.name;
	}

	/**
	 * Start the instance unless it is there.
	 * @return the process that was started or is there
	 */
	synchronized Process start() throws IOException {
		if (this.process == null || !this.process.isAlive()) {
			ProcessBuilder builder = new ProcessBuilder(command()).redirectOutput(ProcessBuilder.Redirect.INHERIT)
				.redirectError(ProcessBuilder.Redirect.INHERIT);
			builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
			this.process = builder.start();
			this.state = State.STARTING;
			this.process.onExit().thenAccept(this::ended);
		}
		return this.process;
	}

	/**
	 * The instance serves requests, unless it has been killed since it said so.
	 */
	synchronized void ready(int onPort) {
		if (this.process != null && this.process.isAlive()) {
			this.state = State.RUNNING;
			this.port = onPort;
		}
	}

	private synchronized void ended(Process which) {
		// Another one may have been started since.
		if (which.equals(this.process)) {
			this.state = State.STOPPED;
		}
	}

	/**
	 * Kill the instance: nothing of it is stopped in good order.
	 */
	synchronized void kill() {
		if (this.process != null) {
			this.process.destroyForcibly();
		}
	}

	/**
	 * Ask the instance to stop, and return at once.
	 */
	synchronized void terminate() {
		if (this.process != null) {
			// Not its own method, which would close the input as well: the instance takes
			// that for the end of this JVM.
			this.process.toHandle().destroy();
		}
	}

	/**
	 * Wait until the instance is gone, and kill it if that takes too long.
	 */
	void awaitEnd() throws InterruptedException {
		Process running;
		synchronized (this) {
			running = this.process;
		}
		if (running != null && !running.waitFor(30, TimeUnit.SECONDS)) {
			running.destroyForcibly().waitFor();
		}
	}

	synchronized View view() {
		boolean there = this.state != State.STOPPED;
		return new View(this.name, this.state, (this.state == State.RUNNING) ? this.port : null,
				(there && this.process != null) ? this.process.pid() : null);
	}

	private List<String> command() {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(JVM_OPTIONS);
		if (this.aot) {
			command.add("-Dspring.aot.enabled=true");
		}
		if (isInExecutableJar()) {
			command.add("-Dloader.main=" + APPLICATION);
			command.add("org.springframework.boot.loader.launch.PropertiesLauncher");
		}
		else {
			command.add(APPLICATION);
		}
		command.addAll(this.arguments);
		return command;
	}

	private static boolean isInExecutableJar() {
		URL here = Instance.class.getResource("Instance.class");
		return here != null && here.toString().startsWith("jar:nested:");
	}

	/**
	 * How an instance is.
	 */
	enum State {

		STARTING, RUNNING, STOPPED

	}

	/**
	 * An instance as the page shows it.
	 *
	 * @param name its name
	 * @param state how it is
	 * @param port where it serves requests, if it does
	 * @param pid its process, if there is one
	 */
	record View(String name, State state, @Nullable Integer port, @Nullable Long pid) {
	}

}
