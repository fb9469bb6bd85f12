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

package dev.outbox.cdc;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.apache.kafka.common.utils.Time;
import org.apache.kafka.connect.connector.policy.NoneConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.json.JsonConverter;
import org.apache.kafka.connect.runtime.Herder.Created;
import org.apache.kafka.connect.runtime.Worker;
import org.apache.kafka.connect.runtime.WorkerConfig;
import org.apache.kafka.connect.runtime.isolation.Plugins;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorInfo;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorStateInfo;
import org.apache.kafka.connect.runtime.standalone.StandaloneConfig;
import org.apache.kafka.connect.runtime.standalone.StandaloneHerder;
import org.apache.kafka.connect.storage.FileOffsetBackingStore;
import org.apache.kafka.connect.util.FutureCallback;
import org.awaitility.Awaitility;

/**
 * A worker of Kafka Connect with one connector: the same code as in the distribution, but
 * for the administration over HTTP.
 */
final class ConnectWorker implements AutoCloseable {

	private final StandaloneHerder herder;

	private final String connector;

	private ConnectWorker(StandaloneHerder herder, String connector) {
		this.herder = herder;
		this.connector = connector;
	}

	static ConnectWorker start(String bootstrapServers, Path offsets, Map<String, String> connector) throws Exception {
		Map<String, String> settings = new HashMap<>();
		settings.put("bootstrap.servers", bootstrapServers);
		settings.put("key.converter", JsonConverter.class.getName());
		settings.put("value.converter", JsonConverter.class.getName());
		settings.put("offset.storage.file.filename", offsets.toString());
		settings.put("offset.flush.interval.ms", "200");
		settings.put(WorkerConfig.PLUGIN_DISCOVERY_CONFIG, "service_load");
		Plugins plugins = new Plugins(settings);
		ClassLoader before = plugins.compareAndSwapWithDelegatingLoader();
		try {
			return start(settings, plugins, connector);
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
	}

	private static ConnectWorker start(Map<String, String> settings, Plugins plugins, Map<String, String> connector)
			throws Exception {
		StandaloneConfig config = new StandaloneConfig(settings);
		FileOffsetBackingStore store = new FileOffsetBackingStore(
				plugins.newInternalConverter(true, JsonConverter.class.getName(), Map.of("schemas.enable", "false")));
		store.configure(config);
		NoneConnectorClientConfigOverridePolicy policy = new NoneConnectorClientConfigOverridePolicy();
		Worker worker = new Worker("worker", Time.SYSTEM, plugins, config, store, policy);
		StandaloneHerder herder = new StandaloneHerder(worker, config.kafkaClusterId(), policy);
		herder.start();
		ConnectWorker started = new ConnectWorker(herder, connector.get("name"));
		try {
			FutureCallback<Created<ConnectorInfo>> answer = new FutureCallback<>();
			herder.putConnectorConfig(started.connector, connector, false, answer);
			answer.get(60, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			herder.stop();
			throw ex;
		}
		return started;
	}

	void awaitRunning() {
		Awaitility.await("the task of the connector").until(() -> {
			ConnectorStateInfo state = this.herder.connectorStatus(this.connector);
			state.tasks().stream().filter((task) -> task.state().equals("FAILED")).findAny().ifPresent((task) -> {
				throw new IllegalStateException(task.trace());
			});
			return state.tasks().stream().anyMatch((task) -> task.state().equals("RUNNING"));
		});
	}

	@Override
	public void close() {
		this.herder.stop();
	}

}
