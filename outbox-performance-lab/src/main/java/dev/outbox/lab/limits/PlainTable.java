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

package dev.outbox.lab.limits;

import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

import dev.outbox.lab.app.LabEvent;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writes events into a table with no more than what is sent.
 */
final class PlainTable implements Consumer<LabEvent> {

	private final JdbcTemplate jdbc;

	PlainTable(JdbcTemplate jdbc) {
		this.jdbc = jdbc;
	}

	@Override
	public void accept(LabEvent event) {
		this.jdbc.update("INSERT INTO outbox_event (event_key, destination, payload) VALUES (?, ?, ?)", event.key(),
				event.topic(), event.value().getBytes(StandardCharsets.UTF_8));
	}

}
