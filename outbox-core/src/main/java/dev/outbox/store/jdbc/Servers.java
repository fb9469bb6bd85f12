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

package dev.outbox.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Which servers connections lead to, and when these were started: each connection is
 * asked once, and again when a proxy has found another session for it.
 */
final class Servers {

	private final PortableWork work;

	private final Map<Connection, Long> starts = Collections.synchronizedMap(new WeakHashMap<>());

	private final Map<Connection, Long> sessions = Collections.synchronizedMap(new WeakHashMap<>());

	Servers(PortableWork work) {
		this.work = work;
	}

	/**
	 * Returns what tells the server from any other one, 0 if that is still to be noted.
	 */
	long start(Connection connection) throws SQLException {
		Connection physical = connection.unwrap(Connection.class);
		Long start = this.starts.get(physical);
		if (start == null) {
			start = this.work.syntax().serverStart(connection, this.work.tables());
			if (start != 0) {
				this.starts.put(physical, start);
			}
		}
		return start;
	}

	/**
	 * Returns the same, after a read that has said in which session it was.
	 */
	long start(Connection connection, long session) throws SQLException {
		Connection physical = connection.unwrap(Connection.class);
		Long known = this.sessions.put(physical, session);
		if (known != null && known != session) {
			this.starts.remove(physical);
		}
		return start(connection);
	}

}
