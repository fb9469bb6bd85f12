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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import dev.outbox.fixtures.process.Children;
import dev.outbox.fixtures.process.ForkedJvm;
import dev.outbox.sample.launcher.Launcher;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The processes of the sample end with their parent, and what was committed outlives all
 * of them.
 */
class LauncherTests {

	private static final Path DIRECTORY = Path.of("target", "launcher");

	@Test
	void whatWasCommittedBeforeAKillIsDeliveredByTheNextStart() {
		String id;
		List<ProcessHandle> children;
		try (ShopProcess shop = ShopProcess.open(DIRECTORY, "--outbox.relay.enabled=false")) {
			children = children(shop);
			id = shop.place("Ada", "Lamp", 1);
			shop.kill();
		}
		children.forEach(Children::awaitEnd);
		try (ShopProcess shop = ShopProcess.open(DIRECTORY)) {
			children = children(shop);
			shop.awaitConsumed(id, "order.placed");
		}
		children.forEach(Children::awaitEnd);
		assertThat(DIRECTORY).doesNotExist();
	}

	@Test
	void aStartThatIsInterruptedLeavesNeitherServerNorData() {
		Path directory = Path.of("target", "interrupted").toAbsolutePath();
		try (ForkedJvm launcher = ForkedJvm.of(Launcher.class)
			.name("interrupted")
			.options("-XX:TieredStopAtLevel=1", "-Xmx256m")
			.arguments("--server.port=0", "--sample.embedded.directory=" + directory)
			.start()) {
			await().atMost(ShopProcess.DEADLINE)
				.until(() -> Files.exists(directory.resolve("postgres").resolve("postmaster.pid")));
			launcher.terminate();
			launcher.awaitExit(ShopProcess.DEADLINE);
		}
		assertThat(directory).doesNotExist();
		await().untilAsserted(
				() -> assertThat(ProcessHandle.allProcesses().map((process) -> process.info().commandLine().orElse("")))
					.noneMatch((command) -> command.contains(directory.toString())));
	}

	private static List<ProcessHandle> children(ShopProcess shop) {
		return List.of("A", "B")
			.stream()
			.map((name) -> shop.awaitInstance(name, "RUNNING").get("pid").longValue())
			.map((pid) -> ProcessHandle.of(pid).orElseThrow())
			.toList();
	}

}
