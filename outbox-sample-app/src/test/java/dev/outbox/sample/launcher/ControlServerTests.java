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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class ControlServerTests {

	@Test
	void whoDoesNotKnowThePathIsNotHeard(@TempDir Path folder) throws Exception {
		Shop shop = new Shop(Options.of("--spring.profiles.active=external",
				"--sample.embedded.directory=" + folder.resolve("sample")));
		try (ControlServer server = new ControlServer(shop)) {
			URI state = URI.create(server.url() + "/");
			assertThat(status(state)).isEqualTo(200);
			assertThat(status(state.resolve("/"))).isEqualTo(404);
			assertThat(status(state.resolve("/guessed/"))).isEqualTo(404);
		}
		finally {
			shop.close();
		}
	}

	private static int status(URI uri) throws IOException, InterruptedException {
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding())
			.statusCode();
	}

}
