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

package dev.outbox.relay;

import java.io.Serial;
import java.util.Collection;
import java.util.Map;
import java.util.function.Supplier;

import dev.outbox.OutboxException;
import dev.outbox.store.EventRef;
import dev.outbox.store.KeyRead;
import dev.outbox.store.Position;
import dev.outbox.store.PositionLostException;
import dev.outbox.store.ReadRequest;
import dev.outbox.store.ReadResult;
import dev.outbox.store.RelayStore;
import dev.outbox.store.RelayStore.KeyRows;

/**
 * What a lane reads. A read that fails leaves what is in memory as it was, which nothing
 * else that fails can be relied upon to do: so it is told apart.
 */
final class Reads {

	private final RelayStore store;

	Reads(RelayStore store) {
		this.store = store;
	}

	Position start() {
		return this.store.start();
	}

	Position merge(Position main, Position joining) {
		return this.store.merge(main, joining);
	}

	ReadResult scan(ReadRequest request) {
		return guarded(() -> this.store.read(request));
	}

	KeyRows key(KeyRead read) {
		return guarded(() -> this.store.readKey(read));
	}

	Map<Long, byte[]> payloads(Collection<EventRef> rows) {
		return guarded(() -> this.store.payloads(rows));
	}

	private static <T> T guarded(Supplier<T> read) {
		try {
			return read.get();
		}
		catch (PositionLostException ex) {
			throw ex;
		}
		catch (RuntimeException ex) {
			throw new ReadFailedException(ex);
		}
	}

	/**
	 * The store could not be read; the read can be repeated.
	 */
	static final class ReadFailedException extends OutboxException {

		@Serial
		private static final long serialVersionUID = 1L;

		ReadFailedException(RuntimeException cause) {
			super("The outbox could not be read: " + cause.getMessage(), cause);
		}

	}

}
