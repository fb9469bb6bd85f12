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

package dev.outbox.sample.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;

import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker in this JVM, which can be stopped and started again on the same
 * port and data. Thread-safe.
 */
class KafkaNode implements AutoCloseable {

	static {
		// Kafka ends the JVM when its controller does not start. What waits for the start
		// would wait for ever, and the hook that stops the other servers with it.
		Exit.setExitProcedure((status, message) -> {
			throw new IllegalStateException("Kafka cannot go on; its log says why");
		});
	}

	private final int port = freePort();

	private final Properties properties;

	private @Nullable KafkaRaftServer server;

	KafkaNode(SampleDirectory directory) throws Exception {
		Path data = directory.resolve(SampleDirectory.KAFKA);
		this.properties = properties(data);
		if (!Files.exists(data.resolve("meta.properties"))) {
			format(data);
		}
		start();
	}

	String bootstrapServers() {
		return "localhost:" + this.port;
	}

	final synchronized void start() {
		if (this.server == null) {
			KafkaRaftServer starting = new KafkaRaftServer(KafkaConfig.fromProps(this.properties, false), Time.SYSTEM);
			try {
				starting.startup();
			}
			catch (Throwable ex) {
				// So that it can be tried again: the port may be another one's for now.
				starting.shutdown();
				throw ex;
			}
			this.server = starting;
		}
	}

	final synchronized void stop() {
		if (this.server != null) {
			this.server.shutdown();
			this.server.awaitShutdown();
			this.server = null;
		}
	}

	@Override
	public void close() {
		stop();
	}

	private Properties properties(Path data) {
		int controllerPort = freePort();
		while (controllerPort == this.port) {
			controllerPort = freePort();
		}
		Properties properties = new Properties();
		properties.put("process.roles", "broker,controller");
		properties.put("node.id", "1");
		properties.put("controller.quorum.voters", "1@localhost:" + controllerPort);
		properties.put("controller.listener.names", "CONTROLLER");
		properties.put("listeners", "PLAINTEXT://localhost:" + this.port + ",CONTROLLER://localhost:" + controllerPort);
		properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
		properties.put("log.dirs", data.toString());
		properties.put("auto.create.topics.enable", "false");
		properties.put("offsets.topic.replication.factor", "1");
		properties.put("offsets.topic.num.partitions", "1");
		properties.put("transaction.state.log.replication.factor", "1");
		properties.put("transaction.state.log.min.isr", "1");
		properties.put("group.initial.rebalance.delay.ms", "0");
		// Kafka takes 128 MB of memory otherwise, to compact a topic of its own.
		properties.put("log.cleaner.dedupe.buffer.size", "4194304");
		return properties;
	}

	private static void format(Path data) throws Exception {
		new Formatter().setNodeId(1)
			.setClusterId(Uuid.randomUuid().toString())
			.addDirectory(data.toString())
			.setMetadataLogDirectory(data.toString())
			.setControllerListenerName("CONTROLLER")
			.setIgnoreFormatted(true)
			.setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
			.run();
	}

	/**
	 * A port below those of outgoing connections: one of these could be gone when the
	 * broker comes back, even to a client that tries to reach it.
	 */
	private static int freePort() {
		while (true) {
			int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
			try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
				return socket.getLocalPort();
			}
			catch (IOException taken) {
				// Another one is not.
			}
		}
	}

}
