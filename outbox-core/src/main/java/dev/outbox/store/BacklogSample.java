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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.outbox.Destination;
import dev.outbox.store.Backlog.Waiting;

/**
 * The oldest waiting events, by destination, and how the rest is estimated from them.
 *
 * @param groups what was found for each destination
 */
public record BacklogSample(List<Group> groups) {

	/**
	 * So many events are looked at from each end: enough to count a usual backlog, few
	 * enough to be read on an interval however large it is.
	 */
	public static final int LIMIT = 10_000;

	public BacklogSample {
		groups = List.copyOf(groups);
	}

	/**
	 * Returns how many events were looked at.
	 * @return the number
	 */
	public long events() {
		return this.groups.stream().mapToLong(Group::events).sum();
	}

	/**
	 * Returns whether these are all events.
	 * @return {@code false} if there is at least one more than the limit
	 */
	public boolean isComplete() {
		return events() <= LIMIT;
	}

	/**
	 * Returns the lowest sequence number.
	 * @return the number, 0 if nothing waits
	 */
	public long firstSeq() {
		return this.groups.stream().mapToLong(Group::firstSeq).min().orElse(0);
	}

	/**
	 * Returns the backlog if these are all events.
	 * @param scheduled how many events are not due
	 * @param dead how many dead letters there are
	 * @return an exact backlog
	 */
	public Backlog counted(long scheduled, long dead) {
		Map<Destination, Waiting> destinations = new HashMap<>();
		this.groups
			.forEach((group) -> destinations.put(group.destination(), new Waiting(group.events(), group.oldest())));
		return new Backlog(events(), oldest(), scheduled, dead, destinations, true);
	}

	/**
	 * Returns the backlog if these are only the oldest events. A destination is taken to
	 * have the mean of its shares among the oldest and among the newest events.
	 * @param newest the newest events
	 * @param waiting how many events wait, estimated
	 * @param scheduled how many events are not due
	 * @param dead how many dead letters there are
	 * @return an estimate
	 */
	public Backlog estimated(BacklogSample newest, long waiting, long scheduled, long dead) {
		Map<Destination, Waiting> destinations = new HashMap<>();
		for (BacklogSample sample : List.of(this, newest)) {
			double scale = waiting / 2d / Math.max(1, sample.events());
			for (Group group : sample.groups) {
				destinations.merge(group.destination(),
						new Waiting(Math.max(1, Math.round(group.events() * scale)), group.oldest()),
						BacklogSample::sum);
			}
		}
		return new Backlog(waiting, oldest(), scheduled, dead, destinations, false);
	}

	private static Waiting sum(Waiting one, Waiting other) {
		return new Waiting(one.events() + other.events(),
				(one.oldest().compareTo(other.oldest()) > 0) ? one.oldest() : other.oldest());
	}

	private Duration oldest() {
		return this.groups.stream().map(Group::oldest).max(Duration::compareTo).orElse(Duration.ZERO);
	}

	/**
	 * The events of one destination.
	 *
	 * @param destination the destination
	 * @param events how many events
	 * @param oldest age of the oldest one
	 * @param firstSeq lowest sequence number
	 */
	public record Group(Destination destination, long events, Duration oldest, long firstSeq) {

		public Group {
			oldest = oldest.isNegative() ? Duration.ZERO : oldest;
		}

	}

}
