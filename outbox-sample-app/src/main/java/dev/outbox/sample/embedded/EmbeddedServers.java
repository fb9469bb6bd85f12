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
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;

/**
 * The servers of the launcher: a PostgreSQL and a Kafka, or one of them, or none. They
 * start side by side. Thread-safe.
 */
public final class EmbeddedServers implements AutoCloseable {

	private final SampleDirectory directory;

	private final @Nullable PostgresNode postgres;

	private final @Nullable KafkaNode kafka;

	private EmbeddedServers(SampleDirectory directory, @Nullable PostgresNode postgres, @Nullable KafkaNode kafka) {
		this.directory = directory;
		this.postgres = postgres;
		this.kafka = kafka;
	}

	/**
	 * Start what is wanted.
	 * @param path where the servers keep their data, of one launcher at a time
	 * @param database whether to start a PostgreSQL
	 * @param broker whether to start a Kafka
	 * @return the running servers
	 * @throws IOException when the directory cannot be used
	 */
	public static EmbeddedServers start(Path path, boolean database, boolean broker) throws IOException {
		SampleDirectory directory = SampleDirectory.lock(path.toAbsolutePath());
		CompletableFuture<@Nullable PostgresNode> postgres = start(database, () -> new PostgresNode(directory));
		CompletableFuture<@Nullable KafkaNode> kafka = start(broker, () -> new KafkaNode(directory));
		try {
			return new EmbeddedServers(directory, postgres.join(), kafka.join());
		}
		catch (CompletionException ex) {
			closeIfStarted(postgres);
			closeIfStarted(kafka);
			directory.giveUp();
			throw new IllegalStateException(
					"The embedded servers did not start; what a former start has left in " + path + " is still there",
					ex.getCause());
		}
	}

	private static void closeIfStarted(CompletableFuture<? extends @Nullable AutoCloseable> server) {
		server.handle((started, failure) -> started).thenAccept((started) -> {
			try {
				if (started != null) {
					started.close();
				}
			}
			catch (Exception ex) {
				throw new CompletionException(ex);
			}
		}).join();
	}

	private static <T> CompletableFuture<@Nullable T> start(boolean wanted, Callable<T> server) {
		return CompletableFuture.supplyAsync(() -> {
			try {
				return wanted ? server.call() : null;
			}
			catch (Exception ex) {
				throw new CompletionException(ex);
			}
		});
	}

	/**
	 * Return where the PostgreSQL is; its user is {@code postgres}, without a password.
	 * @return its JDBC URL, empty without one
	 */
	public Optional<String> jdbcUrl() {
		return Optional.ofNullable(this.postgres).map(PostgresNode::jdbcUrl);
	}

	/**
	 * Return where the Kafka is.
	 * @return its bootstrap servers, empty without one
	 */
	public Optional<String> bootstrapServers() {
		return Optional.ofNullable(this.kafka).map(KafkaNode::bootstrapServers);
	}

	/**
	 * Stop the Kafka, if there is one and it runs, and wait until it is down.
	 */
	public void stopBroker() {
		if (this.kafka != null) {
			this.kafka.stop();
		}
	}

	/**
	 * Start the Kafka again, if there is one and it does not run, at its old address and
	 * with its data.
	 */
	public void startBroker() {
		if (this.kafka != null) {
			this.kafka.start();
		}
	}

	/**
	 * Stop the servers and delete their data.
	 */
	@Override
	public void close() throws IOException {
		stopBroker();
		if (this.postgres != null) {
			this.postgres.close();
		}
		this.directory.close();
	}

}
