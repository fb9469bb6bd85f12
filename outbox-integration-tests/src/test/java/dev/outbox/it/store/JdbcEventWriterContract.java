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

package dev.outbox.it.store;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.outbox.store.NewEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What is written into tables.
 */
abstract class JdbcEventWriterContract extends EventWriterContract {

	@Override
	protected abstract JdbcStoreHarness harness();

	@Test
	void headersAreJsonThatSaysWhatIsALong() {
		Map<String, Object> headers = new LinkedHashMap<>();
		headers.put("int", 7);
		headers.put("long", 7L);
		append(new NewEvent(record("a", headers, new byte[0], Instant.EPOCH), 5, null));
		assertThat(harness().database().value("SELECT headers FROM outbox_event").toString())
			.contains("\"int\":7,\"long\":{\"long\":7}");
	}

	@Test
	void aRowThatNobodyCouldReadIsRefused() {
		String insert = """
				INSERT INTO outbox_event (id, part, event_type, event_version, transport, destination, content_type,
					payload, headers) VALUES (%s, 1, 't', 1, 'test', 'orders', 'x', '', ?)"""
			.formatted(harness().product().randomId());
		for (String headers : List.of("[]", "no json", "{\"a\":")) {
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> harness().database().update(insert, headers));
		}
	}

}
