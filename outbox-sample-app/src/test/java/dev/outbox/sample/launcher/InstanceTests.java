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

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class InstanceTests {

	@Test
	void whatDoesNotRunIsNotReady() {
		Instance instance = new Instance("B", false, List.of());
		instance.ready(8081);
		assertThat(instance.view().state()).isEqualTo(Instance.State.STOPPED);
	}

	@Test
	void noneIsStartedWhileTheShopCloses(@TempDir Path folder) throws Exception {
		Shop shop = new Shop(Options.of("--spring.profiles.active=external",
				"--sample.embedded.directory=" + folder.resolve("sample")));
		shop.close();
		assertThat(shop.start(new Instance("B", false, List.of()))).isNull();
	}

}
