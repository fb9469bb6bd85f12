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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A real PostgreSQL, as a process of its own.
 */
class PostgresNode implements AutoCloseable {

	private final EmbeddedPostgres postgres;

	PostgresNode(SampleDirectory directory) throws IOException {
		Path data = directory.resolve(SampleDirectory.POSTGRES);
		endServerOf(data);
		try {
			this.postgres = start(data);
		}
		catch (IOException | RuntimeException ex) {
			// It may run all the same, and only have been too slow.
			endServerOf(data);
			throw ex;
		}
	}

	private static EmbeddedPostgres start(Path data) throws IOException {
		return EmbeddedPostgres.builder()
			.setDataDirectory(data)
			.setCleanDataDirectory(false)
			// Spring stops it after the application's own beans, a hook would be faster.
			.setRegisterShutdownHook(false)
			.setServerConfig("synchronous_commit", "on")
			.setPGStartupWait(Duration.ofSeconds(60))
			.start();
	}

	String jdbcUrl() {
		return "jdbc:postgresql://localhost:" + this.postgres.getPort() + "/postgres";
	}

	@Override
	public void close() throws IOException {
		this.postgres.close();
	}

	/**
	 * The server outlives an application that was killed, and the next one could not open
	 * its data.
	 */
	private static void endServerOf(Path data) throws IOException {
		Path pidFile = data.resolve("postmaster.pid");
		if (!Files.exists(pidFile)) {
			return;
		}
		long pid = Long.parseLong(Files.readAllLines(pidFile).get(0).strip());
		ProcessHandle.of(pid).filter(PostgresNode::isPostgres).ifPresent(PostgresNode::end);
		Files.deleteIfExists(pidFile);
	}

	private static void end(ProcessHandle server) {
		// In good order if it can: it waits for its own processes then, whose shared
		// memory would be in the way of the next server.
		server.destroy();
		awaitEnd(server);
		server.destroyForcibly();
		awaitEnd(server);
	}

	/**
	 * Not for ever: an orphan seems to live where nobody reaps it, as in many a
	 * container.
	 */
	private static void awaitEnd(ProcessHandle server) {
		server.onExit().completeOnTimeout(server, 10, TimeUnit.SECONDS).join();
	}

	private static boolean isPostgres(ProcessHandle process) {
		return process.info().command().filter((command) -> command.contains("postgres")).isPresent();
	}

}
