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

package com.example.toyoutbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;

import dev.outbox.test.contract.TransportContract;
import dev.outbox.transport.OutboxTransport;
import org.junit.jupiter.api.io.TempDir;

class LogFileTransportTests extends TransportContract {

	@TempDir
	Path directory;

	@Override
	protected OutboxTransport transport(Duration publishTimeout) {
		return new LogFileTransport(this.directory, Clock.systemUTC());
	}

	@Override
	protected OutboxTransport transportToNobody(Duration publishTimeout) {
		return new LogFileTransport(this.directory.resolve("no-such-directory"), Clock.systemUTC());
	}

	@Override
	protected String destination() {
		try {
			Files.createFile(this.directory.resolve("orders"));
			return "orders";
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	protected List<byte[]> payloads(String destination) {
		try {
			return Files.readAllLines(this.directory.resolve(destination))
				.stream()
				.map((line) -> Base64.getDecoder().decode(line.substring(line.indexOf(' ') + 1)))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
