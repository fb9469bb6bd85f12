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

package dev.outbox.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What can be said about the files of Docker Compose without a Docker.
 */
class ComposeTests {

	@Test
	void everyFileThatAContainerGetsIsThere() throws IOException {
		assertThat(services().values().stream().flatMap((service) -> strings(service, "volumes").stream())).isNotEmpty()
			.allSatisfy((volume) -> assertThat(Path.of(volume.split(":")[0])).exists());
	}

	@Test
	void everyPortIsOfThisMachineOnly() throws IOException {
		assertThat(services().values()).allSatisfy((service) -> assertThat(strings(service, "ports")).isNotEmpty()
			.allMatch((port) -> port.startsWith("127.0.0.1:")));
	}

	@Test
	void theServersAreWhereTheApplicationLooksForThem() throws IOException {
		String settings = Files.readString(Path.of("src/main/resources/application.yml"));
		assertThat(settings).contains("jdbc:postgresql://localhost:5432/shop", "bootstrap-servers: localhost:9092");
		assertThat(strings(services().get("postgres"), "ports")).containsExactly("127.0.0.1:5432:5432");
		assertThat(strings(services().get("kafka"), "ports")).containsExactly("127.0.0.1:9092:9092");
	}

	@Test
	@SuppressWarnings("unchecked")
	void prometheusAsksBothInstances() throws IOException {
		Map<String, Object> prometheus = read(Path.of("compose/prometheus.yml"));
		List<Map<String, Object>> jobs = (List<Map<String, Object>>) prometheus.get("scrape_configs");
		assertThat(jobs).singleElement().satisfies((job) -> {
			assertThat(job.get("metrics_path")).isEqualTo("/actuator/prometheus");
			assertThat(job.get("static_configs").toString()).contains(":8080", ":8081");
		});
	}

	@SuppressWarnings("unchecked")
	private static Map<String, Map<String, Object>> services() throws IOException {
		return (Map<String, Map<String, Object>>) read(Path.of("compose.yaml")).get("services");
	}

	@SuppressWarnings("unchecked")
	private static List<String> strings(Map<String, Object> service, String name) {
		return (List<String>) service.getOrDefault(name, List.of());
	}

	private static Map<String, Object> read(Path file) throws IOException {
		return new Yaml().load(Files.readString(file));
	}

}
