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

package com.example.toyoutbox;

import dev.outbox.Destination;
import dev.outbox.store.HoldStore;
import dev.outbox.store.LeaseStore.BlockedKey;
import dev.outbox.store.Operator;

/**
 * What is held back. Keeps no audit.
 */
public final class ToyHoldStore implements HoldStore {

	private final ToyDatabase database;

	/**
	 * Creates the store.
	 * @param database where it is kept
	 */
	public ToyHoldStore(ToyDatabase database) {
		this.database = database;
	}

	@Override
	public boolean pause(Destination destination, Operator operator) {
		synchronized (this.database) {
			return this.database.paused.add(destination);
		}
	}

	@Override
	public boolean resume(Destination destination, Operator operator) {
		synchronized (this.database) {
			return this.database.paused.remove(destination);
		}
	}

	@Override
	public boolean unblock(Destination destination, String key, Operator operator) {
		synchronized (this.database) {
			return this.database.blocked.remove(new BlockedKey(destination, key)) != null;
		}
	}

}
