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

package dev.outbox.benchmark;

import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.fixtures.postgres.PostgresServer;
import dev.outbox.store.jdbc.postgres.PostgresDialect;

/**
 * The tables in PostgreSQL.
 */
final class PostgresTable extends EventTable {

	PostgresTable(PostgresServer server) {
		super(PostgresDatabase.on(server), new PostgresDialect());
	}

	@Override
	String insert() {
		return """
				INSERT INTO outbox_event (id, part, event_key, aggregate_type, aggregate_id, event_type, event_version,
					transport, destination, content_type, headers, payload)
				SELECT gen_random_uuid(), k.part, k.name, 'order', k.name, 'order.placed', 1, :transport, ?,
					'application/json', ?, substr(decode(repeat(md5(g::text), 64), 'hex'), 1, ?)
				FROM generate_series(?::bigint, ?) g JOIN benchmark_key k ON k.n = g % ?""";
	}

	@Override
	String writeDown() {
		return "CHECKPOINT";
	}

	@Override
	String analyze() {
		return "ANALYZE benchmark_key";
	}

}
