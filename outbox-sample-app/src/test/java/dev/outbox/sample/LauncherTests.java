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

import java.nio.file.Path;
import java.util.List;

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
		awaitEnd(children);
		try (ShopProcess shop = ShopProcess.open(DIRECTORY)) {
			children = children(shop);
			shop.awaitConsumed(id, "order.placed");
		}
		awaitEnd(children);
		assertThat(DIRECTORY).doesNotExist();
	}

	private static List<ProcessHandle> children(ShopProcess shop) {
		return List.of("A", "B")
			.stream()
			.map((name) -> shop.awaitInstance(name, "RUNNING").get("pid").longValue())
			.map((pid) -> ProcessHandle.of(pid).orElseThrow())
			.toList();
	}

	private static void awaitEnd(List<ProcessHandle> processes) {
		await().atMost(ShopProcess.DEADLINE).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
	}

}
