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

import dev.outbox.Destination;
import dev.outbox.store.HoldStore;

/**
 * What operators hold back, on any database.
 */
final class PortableHoldStore implements HoldStore {

	private final PortableWork work;

	private final String pause;

	private final String resume;

	private final String unblock;

	PortableHoldStore(PortableWork work) {
		this.work = work;
		this.pause = work.sql(work.syntax().insertIfAbsent()
				+ " ${destination_state} (transport, destination, paused_at) VALUES (?, ?, " + work.syntax().now()
				+ ")");
		this.resume = work.sql("DELETE FROM ${destination_state} WHERE transport = ? AND destination = ?");
		this.unblock = work.sql("DELETE FROM ${blocked_key} WHERE transport = ? AND destination = ? AND event_key = ?");
	}

	@Override
	public boolean pause(Destination destination) {
		return this.work.inTransaction((connection) -> this.work.insertIfAbsent(connection, this.pause,
				destination.transport(), destination.name()) == 1);
	}

	@Override
	public boolean resume(Destination destination) {
		return this.work.update(this.resume, destination.transport(), destination.name()) == 1;
	}

	@Override
	public boolean unblock(Destination destination, String key) {
		return this.work.update(this.unblock, destination.transport(), destination.name(), key) == 1;
	}

}
