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

import dev.outbox.sample.orders.OrderCancelled;
import dev.outbox.sample.orders.OrderPlaced;
import dev.outbox.sample.orders.ShipmentDue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import static org.assertj.core.api.Assertions.assertThat;

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

	/**
	 * A native image is not built here; what it would be told is.
	 */
	@Test
	void aNativeImageWouldKeepEventsAndMigrations() throws IOException {
		Path metadata = Path.of("target", "classes", "META-INF", "native-image", "dev.outbox", "outbox-sample-app",
				"reachability-metadata.json");
		// A slash is written with a backslash there.
		assertThat(Files.readString(metadata).replace("\\/", "/")).contains(OrderPlaced.class.getName(),
				OrderCancelled.class.getName(), ShipmentDue.class.getName(), "dev/outbox/store/jdbc/migration/*/*.sql",
				"dev.outbox.autoconfigure.OutboxProperties", "dev.outbox.actuate.OutboxEndpoint$InstanceView");
	}

}
