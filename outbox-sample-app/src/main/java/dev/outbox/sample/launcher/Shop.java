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
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import dev.outbox.sample.embedded.EmbeddedServers;
import org.jspecify.annotations.Nullable;

/**
 * All of the sample: the servers, and two instances of the application. The second
 * instance starts when the first one, which has the page, is ready. Thread-safe.
 */
final class Shop {

	private final Options options;

	private final int secondPort;

	private final boolean aot;

	private final EmbeddedServers servers;

	private final ExecutorService background = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "shop");
		thread.setDaemon(true);
		return thread;
	});

	private final Broker broker;

	private final ControlServer control;

	private final Instance first;

	private volatile @Nullable Instance second;

	private volatile boolean closing;

	Shop(Options options) throws IOException {
		this.options = options;
		// First what may be wrong and leaves nothing behind that is to be stopped.
		int firstPort = options.firstPort();
		this.secondPort = options.secondPort();
		this.aot = options.isAot();
		this.control = new ControlServer(this);
		this.servers = EmbeddedServers.start(options.directory(), options.isDatabaseEmbedded(),
				options.isBrokerEmbedded());
		this.broker = new Broker(this.servers, this.background);
		this.first = new Instance("A", this.aot, options.forInstance(settings("A", firstPort)));
	}

	/**
	 * Start the first instance.
	 */
	void open() throws IOException {
		Process process = start(this.first);
		if (process != null) {
			process.onExit().thenAccept(this::firstEnded);
		}
	}

	/**
	 * Start an instance unless it is there, or the shop closes: nobody would stop it.
	 * @return its process, {@code null} if the shop closes
	 */
	synchronized @Nullable Process start(Instance instance) throws IOException {
		return this.closing ? null : instance.start();
	}

	/**
	 * An instance serves requests. The first one has the page, so there is something to
	 * look at now.
	 */
	void ready(Instance instance, int port) {
		instance.ready(port);
		if (instance == this.first && this.second == null) {
			String page = "http://localhost:" + port;
			System.out.println("The shop is open: look at " + page + " (Ctrl-C closes it)");
			Map<String, String> settings = settings("B", this.secondPort);
			settings.put("sample.page", page);
			Instance other = new Instance("B", this.aot, this.options.forInstance(settings));
			this.second = other;
			this.background.execute(() -> startInBackground(other));
		}
	}

	private void startInBackground(Instance instance) {
		try {
			start(instance);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Cannot start instance " + instance.name(), ex);
		}
	}

	/**
	 * Without the first instance there is no page, and nothing to look at.
	 */
	private void firstEnded(Process process) {
		if (!this.closing) {
			System.err
				.println("Instance A ended with exit code " + process.exitValue() + "; its output says why. Closing.");
			System.exit(1);
		}
	}

	Broker broker() {
		return this.broker;
	}

	@Nullable Instance instance(String name) {
		return instances().filter((instance) -> instance.name().equals(name)).findFirst().orElse(null);
	}

	View view() {
		return new View(this.broker.state(), instances().map(Instance::view).toList());
	}

	private Stream<Instance> instances() {
		return Stream.of(this.first, this.second).flatMap(Stream::ofNullable);
	}

	private Map<String, String> settings(String name, int port) {
		Map<String, String> settings = new LinkedHashMap<>();
		settings.put("server.port", Integer.toString(port));
		settings.put("sample.instance", name);
		settings.put("sample.control", this.control.url());
		settings.put("outbox.relay.instance-name", name);
		this.servers.jdbcUrl().ifPresent((url) -> {
			settings.put("spring.datasource.url", url);
			settings.put("spring.datasource.username", "postgres");
			settings.put("spring.datasource.password", "none");
		});
		this.servers.bootstrapServers().ifPresent((address) -> settings.put("spring.kafka.bootstrap-servers", address));
		return settings;
	}

	/**
	 * Stop the instances in good order, then the servers, and delete their data.
	 */
	void close() throws IOException, InterruptedException {
		synchronized (this) {
			this.closing = true;
		}
		List<Instance> running = instances().toList();
		running.forEach(Instance::terminate);
		for (Instance instance : running) {
			instance.awaitEnd();
		}
		this.control.close();
		this.servers.close();
	}

	/**
	 * The sample as the page shows it.
	 *
	 * @param broker how the broker is
	 * @param instances the instances
	 */
	record View(Broker.State broker, List<Instance.View> instances) {

		View {
			instances = List.copyOf(instances);
		}

	}

}
