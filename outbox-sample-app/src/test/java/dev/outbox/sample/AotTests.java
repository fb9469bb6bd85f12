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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The sample with the beans that were prepared at build time, by the Maven profile
 * {@code aot}.
 */
@EnabledIfSystemProperty(named = "sample.aot", matches = "true", disabledReason = "only with -Paot")
class AotTests {

	@Test
	void eventsTravel() {
		try (ShopProcess shop = ShopProcess.open(Path.of("target", "aot"), "--sample.aot=true",
				"--spring.main.log-startup-info=true", "--logging.level.dev.outbox.sample.SampleApplication=info")) {
			shop.awaitLine("Starting AOT-processed SampleApplication");
			String id = shop.place("Ada", "Whisk", 1);
			shop.awaitConsumed(id, "order.placed");
			shop.awaitInstance("B", "RUNNING");
		}
	}

}
