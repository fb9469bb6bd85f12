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

package dev.outbox.actuate;

import dev.outbox.OutboxException;
import dev.outbox.actuate.Requests.Refusal;
import dev.outbox.store.StoreConflictException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Requests}.
 */
class RequestsTests {

	@Test
	void whatMakesNoSenseIsRefused() {
		WebEndpointResponse<?> answer = failing(Requests.refused("The limit is too high"));
		assertThat(answer.getStatus()).isEqualTo(400);
		assertThat(error(answer)).isEqualTo("The limit is too high. Nothing has been changed");
	}

	@Test
	void whatCannotBeDoneAsThingsAreIsAConflict() {
		WebEndpointResponse<?> answer = failing(
				new StoreConflictException("It waits already. Discard the dead letter"));
		assertThat(answer.getStatus()).isEqualTo(409);
		assertThat(error(answer)).isEqualTo("It waits already. Discard the dead letter");
	}

	@Test
	void aStoreThatIsAwayIsNamedWithoutSecrets() {
		WebEndpointResponse<?> answer = failing(new OutboxException("no login with password=hunter2"));
		assertThat(answer.getStatus()).isEqualTo(503);
		assertThat(error(answer)).startsWith("no login with password=***").doesNotContain("hunter2");
	}

	/**
	 * Not all stores have exceptions of ours: those of MongoDB throw what its driver
	 * throws.
	 */
	@Test
	void soIsAnExceptionOfADriver() {
		WebEndpointResponse<?> answer = failing(new IllegalMonitorStateException("no primary"));
		assertThat(answer.getStatus()).isEqualTo(503);
		assertThat(error(answer)).startsWith("IllegalMonitorStateException: no primary");
	}

	private static WebEndpointResponse<?> failing(RuntimeException failure) {
		Object answer = Requests.answer(() -> {
			throw failure;
		});
		assertThat(answer).isInstanceOf(WebEndpointResponse.class);
		return (WebEndpointResponse<?>) answer;
	}

	private static String error(WebEndpointResponse<?> answer) {
		return ((Refusal) answer.getBody()).error();
	}

}
