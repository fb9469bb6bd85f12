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

package dev.outbox.autoconfigure.instances;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import dev.outbox.OutboxPublisher;
import dev.outbox.OutboxPublishers;
import dev.outbox.autoconfigure.OutboxInstanceNames;
import dev.outbox.diagnostics.SharedTablesException;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.Environment;

/**
 * The outboxes of an application that has several. They start and stop with it, all at
 * once.
 */
final class OutboxInstances implements OutboxPublishers, SmartLifecycle, DisposableBean {

	private final Map<String, OutboxInstance> instances = new TreeMap<>();

	private final int phase;

	private volatile boolean running;

	/**
	 * Creates the outboxes, none of which runs yet.
	 * @param application context of the application
	 * @param phase phase in which they start and stop
	 */
	OutboxInstances(ConfigurableApplicationContext application, int phase) {
		this.phase = phase;
		try {
			for (String name : OutboxInstanceNames.all(application.getEnvironment())) {
				this.instances.put(name, OutboxInstance.create(name, application));
			}
			checkTables();
			if (isCaptureUndecided(application.getEnvironment())) {
				application.addApplicationListener(new UncapturedEvents(names()));
			}
		}
		catch (RuntimeException ex) {
			destroy();
			throw ex;
		}
	}

	/**
	 * Two relays on the same tables share them like two instances of the same outbox, and
	 * each sends the events of both by its own settings.
	 */
	private void checkTables() {
		Map<InstanceTables, String> owners = new HashMap<>();
		this.instances.forEach((name, instance) -> instance.tables().ifPresent((tables) -> {
			String owner = owners.putIfAbsent(tables, name);
			if (owner != null) {
				throw new SharedTablesException(owner, name, tables.toString());
			}
		}));
	}

	private boolean isCaptureUndecided(Environment environment) {
		return names().stream()
			.noneMatch((name) -> OutboxInstanceNames.properties(environment, name).containsKey(OutboxInstance.CAPTURE));
	}

	@Override
	public OutboxPublisher get(String name) {
		return of(name).get(OutboxPublisher.class);
	}

	@Override
	public Set<String> names() {
		return Collections.unmodifiableSet(this.instances.keySet());
	}

	OutboxInstance of(String name) {
		OutboxInstance instance = this.instances.get(name);
		if (instance == null) {
			throw new IllegalArgumentException("There is no outbox '" + name + "', but " + names()
					+ ". Nothing has been stored. Name one of these, or add outbox.instances." + name);
		}
		return instance;
	}

	Collection<OutboxInstance> all() {
		return this.instances.values();
	}

	@Override
	public void start() {
		this.instances.values().forEach(OutboxInstance::start);
		this.running = true;
	}

	@Override
	public void stop() {
		stopAll().join();
	}

	@Override
	public void stop(Runnable callback) {
		stopAll().whenComplete((done, failure) -> callback.run());
	}

	/**
	 * Each waits for what it has at the broker.
	 */
	private CompletableFuture<Void> stopAll() {
		this.running = false;
		List<CompletableFuture<Void>> stops = new ArrayList<>();
		this.instances.forEach((name, instance) -> stops.add(CompletableFuture.runAsync(instance::stop, (task) -> {
			Thread thread = new Thread(task, "outbox-stop-" + name);
			thread.setDaemon(true);
			thread.start();
		})));
		return CompletableFuture.allOf(stops.toArray(CompletableFuture<?>[]::new));
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return this.phase;
	}

	@Override
	public void destroy() {
		this.instances.values().forEach(OutboxInstance::close);
	}

}
