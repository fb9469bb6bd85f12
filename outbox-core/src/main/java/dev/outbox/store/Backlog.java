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

package dev.outbox.store;

import java.time.Duration;
import java.util.Map;

import dev.outbox.Destination;

/**
 * What waits in the outbox. The age of an event is the time for which it has waited:
 * since it was created, or since it became due, or was last put back from the dead
 * letters or the archive.
 *
 * @param waiting how many events wait
 * @param oldest age of the oldest waiting event, zero if none waits
 * @param scheduled about how many events are not due yet
 * @param dead about how many dead letters there are
 * @param destinations what waits for each destination
 * @param exact whether the waiting events have been counted, and so nothing waits for any
 * other destination. Else {@code waiting} is an estimate, and what is said about
 * destinations is taken from the oldest and the newest events: a destination that has
 * none among them is not mentioned
 */
public record Backlog(long waiting, Duration oldest, long scheduled, long dead, Map<Destination, Waiting> destinations,
		boolean exact) {

	public Backlog {
		destinations = Map.copyOf(destinations);
	}

	/**
	 * Creates a backlog about whose destinations nothing is known.
	 * @param waiting about how many events wait
	 * @param oldest age of the oldest waiting event, zero if none waits
	 * @param scheduled about how many events are not due yet
	 * @param dead about how many dead letters there are
	 */
	public Backlog(long waiting, Duration oldest, long scheduled, long dead) {
		this(waiting, oldest, scheduled, dead, Map.of(), false);
	}

	/**
	 * What waits for one destination.
	 *
	 * @param events how many events, estimated unless the backlog is exact
	 * @param oldest age of the oldest one that was looked at; at least one is as old
	 */
	public record Waiting(long events, Duration oldest) {

	}

}
