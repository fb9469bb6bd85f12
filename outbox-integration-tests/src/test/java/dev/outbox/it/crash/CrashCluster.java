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

package dev.outbox.it.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import dev.outbox.fixtures.process.ForkedJvm;
import dev.outbox.fixtures.process.ForkedJvmBuilder;
import dev.outbox.it.crash.ChaosSchedule.Step;
import org.awaitility.Awaitility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several instances of {@link CrashApplication} with a database and a broker of their
 * own, all in processes of their own.
 */
final class CrashCluster implements AutoCloseable {

	private static final Logger log = LoggerFactory.getLogger(CrashCluster.class);

	private static final Duration LONGEST_DRAIN = Duration.ofSeconds(180);

	private static final AtomicInteger RUNS = new AtomicInteger();

	private final CrashSettings settings;

	private final Map<Integer, String> classPaths;

	private final Path logs;

	private final CrashDatabase.Running database;

	private final CrashBroker.Running broker;

	private final List<ForkedJvm> instances = new ArrayList<>();

	private int starts;

	private boolean writing = true;

	CrashCluster(CrashSettings settings) {
		this(settings, Map.of());
	}

	/**
	 * Creates a cluster some of whose instances are of another release.
	 * @param classPaths the class paths of instances that have not that of this JVM
	 */
	CrashCluster(CrashSettings settings, Map<Integer, String> classPaths) {
		this.settings = settings;
		this.classPaths = classPaths;
		this.database = settings.database().start();
		this.broker = settings.broker().start();
		// Tests of several JVMs have the same seed, and what the logs say is counted.
		this.logs = Path.of("target", "crash", settings.database() + "-" + settings.broker() + "-" + settings.seed()
				+ "-" + ProcessHandle.current().pid() + "-" + RUNS.incrementAndGet());
		try {
			Files.createDirectories(this.logs);
			for (int index = 0; index < settings.instances(); index++) {
				Files.deleteIfExists(log(index));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Starts everything and waits until all instances are up.
	 */
	void start() {
		this.database.create(CrashWriters.keys().toList());
		for (int index = 0; index < this.settings.instances(); index++) {
			if (this.classPaths.containsKey(index)) {
				// The tables are those of the present release, whoever comes first.
				awaitReady();
			}
			this.instances.add(startInstance(index));
		}
		awaitReady();
	}

	private void awaitReady() {
		this.instances.forEach((instance) -> instance.awaitLine((line) -> line.contains(CrashApplication.READY),
				Duration.ofSeconds(120)));
	}

	private Path log(int index) {
		return this.logs.resolve("instance-" + index + ".log");
	}

	private ForkedJvm startInstance(int index) {
		ForkedJvmBuilder builder = ForkedJvm.of(this.database.application())
			.name("instance-" + index)
			.log(log(index))
			.options("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")
			.arguments(arguments());
		Optional.ofNullable(this.classPaths.get(index)).ifPresent(builder::classPath);
		return builder.start();
	}

	private String[] arguments() {
		Map<String, Object> properties = new TreeMap<>(this.settings.properties());
		properties.putAll(this.database.properties());
		properties.putAll(this.broker.properties());
		properties.put("crash.destinations", String.join(",", this.broker.destinations()));
		properties.put("crash.seed", this.settings.seed() + this.starts++);
		properties.put("crash.writers", this.writing ? this.settings.writers() : 0);
		return properties.entrySet()
			.stream()
			.map((property) -> "--" + property.getKey() + "=" + property.getValue())
			.toArray(String[]::new);
	}

	/**
	 * Lets faults happen, each at its time or as soon as the one before is over.
	 */
	void suffer(List<Step> steps) {
		long start = System.nanoTime();
		for (Step step : steps) {
			while (System.nanoTime() - start < step.at().toNanos()) {
				pause(Duration.ofMillis(50));
				restartTheDead();
			}
			log.info("Fault: {} at {} ms", step, (System.nanoTime() - start) / 1_000_000);
			apply(step);
		}
	}

	private void apply(Step step) {
		switch (step.fault()) {
			case KILL_INSTANCE -> {
				this.instances.get(step.instance()).kill();
				step.await();
				restartTheDead();
			}
			case RESTART_INSTANCE -> {
				ForkedJvm instance = this.instances.get(step.instance());
				instance.terminate();
				instance.awaitExit();
				step.await();
				restartTheDead();
			}
			case FREEZE_INSTANCE -> {
				this.instances.get(step.instance()).pause();
				step.await();
				this.instances.get(step.instance()).resume();
			}
			case KILL_DATABASE, STEP_DOWN, LOSE_HISTORY -> this.database.suffer(step);
			case KILL_BROKER, RESTART_BROKER, FREEZE_BROKER, CLOSE_CONNECTIONS, RAISE_ALARM -> this.broker.suffer(step);
		}
	}

	/**
	 * Starts instances again that have ended, whether they were killed or could not start
	 * because something was away.
	 */
	private void restartTheDead() {
		for (int index = 0; index < this.instances.size(); index++) {
			if (!this.instances.get(index).isAlive()) {
				this.instances.set(index, startInstance(index));
			}
		}
	}

	/**
	 * Waits until so much has been committed that what happens now and then has happened.
	 */
	void awaitCommitted(int events) {
		Awaitility.await("committed events")
			.atMost(LONGEST_DRAIN)
			.pollInterval(Duration.ofMillis(500))
			.until(() -> this.database.committed().size() >= events);
	}

	/**
	 * Stops the writers and waits until the outbox is empty.
	 */
	void drain() {
		drain(LONGEST_DRAIN);
	}

	/**
	 * Stops the writers and waits until the outbox is empty.
	 * @param longest how long to wait for that
	 */
	void drain(Duration longest) {
		this.writing = false;
		for (int index = 0; index < this.instances.size(); index++) {
			stopWriters(index);
		}
		long start = System.nanoTime();
		Awaitility.await("empty outbox").atMost(longest).pollInterval(Duration.ofMillis(200)).until(() -> {
			restartTheDead();
			return this.database.isDrained();
		});
		log.info("Drained in {} ms", (System.nanoTime() - start) / 1_000_000);
	}

	private void stopWriters(int index) {
		while (true) {
			ForkedJvm instance = this.instances.get(index);
			try {
				instance.awaitLine((line) -> line.contains(CrashApplication.READY), Duration.ofSeconds(120));
				instance.send(CrashApplication.STOP);
				instance.awaitLine((line) -> line.contains(CrashApplication.STOPPED), Duration.ofSeconds(120));
				return;
			}
			catch (IllegalStateException | UncheckedIOException ex) {
				if (instance.isAlive()) {
					throw ex;
				}
				restartTheDead();
			}
		}
	}

	/**
	 * Reads what was committed, given up and delivered.
	 */
	History history() {
		return new History(this.database.committed(), this.database.deadLetters(), this.broker.observed());
	}

	/**
	 * Counts the events that only the safety sweep has found.
	 */
	long rescued() {
		long rescued = 0;
		for (int index = 0; index < this.instances.size(); index++) {
			rescued += logged(index, "The safety sweep found event").size();
		}
		return rescued;
	}

	/**
	 * Returns where the classes of an instance were, once for each of its starts.
	 */
	List<String> classes(int index) {
		return logged(index, CrashApplication.CLASSES);
	}

	private List<String> logged(int index, String text) {
		try (Stream<String> lines = Files.lines(log(index))) {
			return lines.filter((line) -> line.contains(text)).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Describes what is still in the outbox, for a message.
	 */
	String remains() {
		return this.database.remains();
	}

	static void pause(Duration duration) {
		LockSupport.parkNanos(duration.toNanos());
	}

	@Override
	public void close() {
		this.instances.forEach(ForkedJvm::close);
		this.broker.close();
		this.database.close();
	}

}
