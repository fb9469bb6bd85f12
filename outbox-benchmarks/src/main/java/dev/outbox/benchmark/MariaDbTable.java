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

import dev.outbox.fixtures.mariadb.MariaDbDatabase;
import dev.outbox.fixtures.mariadb.MariaDbServer;
import dev.outbox.store.jdbc.mysql.MariaDbDialect;

/**
 * The tables in MariaDB.
 */
final class MariaDbTable extends EventTable {

	MariaDbTable(MariaDbServer server) {
		super(MariaDbDatabase.on(server), new MariaDbDialect());
	}

	@Override
	String insert() {
		return """
				INSERT INTO outbox_event (id, part, event_key, aggregate_type, aggregate_id, event_type, event_version,
					transport, destination, content_type, headers, payload)
				SELECT UNHEX(REPLACE(UUID(), '-', '')), k.part, k.name, 'order', k.name, 'order.placed', 1, :transport,
					a.topic, 'application/json', a.headers, SUBSTR(UNHEX(REPEAT(MD5(a.low + s.seq), 64)), 1, a.bytes)
				FROM (SELECT ? AS topic, ? AS headers, ? AS bytes, ? AS low, ? AS high, ? AS spread) a
				JOIN seq_0_to_9999 s JOIN benchmark_key k ON k.n = MOD(a.low + s.seq, a.spread)
				WHERE a.low + s.seq <= a.high ORDER BY s.seq""";
	}

	@Override
	String writeDown() {
		return "FLUSH TABLES";
	}

	@Override
	String analyze() {
		return "ANALYZE TABLE benchmark_key";
	}

}
