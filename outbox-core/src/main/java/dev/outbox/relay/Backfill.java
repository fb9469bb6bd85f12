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

import java.util.HashSet;
import java.util.Set;

import dev.outbox.store.Position;
import dev.outbox.store.ReadScope;
import org.jspecify.annotations.Nullable;

/**
 * A scan that catches up with the main one, to be joined to it.
 */
final class Backfill {

	private final ReadScope scope;

	private final @Nullable DestinationState only;

	/**
	 * Partitions that were given up since it began. Should they come back, they are read
	 * again, from the start.
	 */
	private final Set<Integer> left = new HashSet<>();

	private Position position;

	private int carefulRows;

	/**
	 * Creates a backfill of partitions.
	 * @param carefulRows how many rows may have been in flight when the partitions' last
	 * owner died
	 */
	Backfill(String transport, Set<Integer> parts, Set<String> excluded, Position start, int carefulRows) {
		this.scope = new ReadScope(transport, parts, excluded, null);
		this.only = null;
		this.position = start;
		this.carefulRows = carefulRows;
	}

	/**
	 * Creates a backfill of one destination.
	 */
	Backfill(String transport, Set<Integer> parts, DestinationState only, Position start) {
		this.scope = new ReadScope(transport, parts, Set.of(), only.name());
		this.only = only;
		this.position = start;
	}

	ReadScope scope() {
		return this.scope;
	}

	@Nullable DestinationState only() {
		return this.only;
	}

	Position position() {
		return this.position;
	}

	void position(Position position) {
		this.position = position;
	}

	void leave(int part) {
		this.left.add(part);
	}

	boolean covers(int part) {
		return this.scope.parts().contains(part) && !this.left.contains(part);
	}

	boolean isNextCareful() {
		return this.carefulRows > 0;
	}

	void accepted() {
		this.carefulRows--;
	}

	/**
	 * Returns whether the destination has been paused again meanwhile.
	 */
	boolean isVoid() {
		return this.only != null && this.only.mode() != DestinationState.Mode.BACKFILLING;
	}

}
