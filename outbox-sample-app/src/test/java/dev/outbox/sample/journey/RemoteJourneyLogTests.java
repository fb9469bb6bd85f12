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

package dev.outbox.sample.journey;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RemoteJourneyLogTests {

	private static final Step STEP = new Step(Step.Kind.CONSUMED, "1", "order.placed", "Ada", Instant.EPOCH, "B", "{}",
			0);

	@Test
	void aConnectionThatTheOtherSideClosesLosesNothing() throws IOException {
		AtomicInteger calls = new AtomicInteger();
		AtomicInteger answers = new AtomicInteger();
		HttpServer page = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
		page.createContext("/journeys", (exchange) -> {
			try (exchange) {
				exchange.getRequestBody().readAllBytes();
				if (calls.incrementAndGet() > 1) {
					answers.incrementAndGet();
					exchange.sendResponseHeaders(204, -1);
				}
			}
		});
		page.start();
		try (RemoteJourneyLog log = new RemoteJourneyLog("http://127.0.0.1:" + page.getAddress().getPort())) {
			log.add(List.of(STEP));
			assertThat(answers).hasValue(1);
		}
		finally {
			page.stop(0);
		}
	}

}
