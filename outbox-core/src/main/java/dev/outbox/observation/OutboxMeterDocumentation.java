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

package dev.outbox.observation;

import java.util.List;
import java.util.Locale;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter.Type;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.docs.MeterDocumentation;
import org.jspecify.annotations.Nullable;

/**
 * Every meter of the outbox. The meters are built from it, and so is the reference.
 */
public enum OutboxMeterDocumentation implements MeterDocumentation {

	/**
	 * Events in the outbox.
	 */
	RECORDS(Type.GAUGE, Scope.OUTBOX,
			"Events in the outbox: waiting, scheduled or dead. An estimate where there" + " are many", MeterTag.STATUS),

	/**
	 * Age of the oldest event.
	 */
	OLDEST_AGE(Type.GAUGE, "seconds", Scope.OUTBOX, "Age of the oldest event that waits, 0 if none does"),

	/**
	 * Dead letters.
	 */
	DEAD_LETTERS(Type.GAUGE, Scope.OUTBOX,
			"Dead letters that nobody has dealt with: the same as the records that" + " are dead"),

	/**
	 * Keys that are blocked.
	 */
	BLOCKED_KEYS(Type.GAUGE, Scope.OUTBOX, "Keys that wait for an operator because their head is a dead letter",
			MeterTag.TRANSPORT),

	/**
	 * Events of a destination.
	 */
	DESTINATION_WAITING(Type.GAUGE, Scope.OUTBOX,
			"Events that wait for a destination. Estimated by its share of"
					+ " the oldest and newest events where there are many; NaN if it has none among them",
			MeterTag.TRANSPORT, MeterTag.DESTINATION),

	/**
	 * Age of the oldest event of a destination.
	 */
	DESTINATION_OLDEST_AGE(Type.GAUGE, "seconds", Scope.OUTBOX,
			"Age of the oldest event that waits for a" + " destination, as far as it is among those that are looked at",
			MeterTag.TRANSPORT, MeterTag.DESTINATION),

	/**
	 * Whether a destination can be used.
	 */
	DESTINATION_AVAILABLE(Type.GAUGE, Scope.INSTANCE,
			"Whether events can be sent to a destination: 1, or 0 while it" + " is unreachable or paused",
			MeterTag.TRANSPORT, MeterTag.DESTINATION),

	/**
	 * Whether an operator has paused a destination.
	 */
	DESTINATION_PAUSED(Type.GAUGE, Scope.INSTANCE, "Whether an operator has paused a destination: 1, or 0",
			MeterTag.TRANSPORT, MeterTag.DESTINATION),

	/**
	 * Acknowledged events.
	 */
	PUBLISHED(Type.COUNTER, Scope.INSTANCE, "Events that the broker has acknowledged", MeterTag.TRANSPORT,
			MeterTag.DESTINATION),

	/**
	 * Failed attempts.
	 */
	FAILED(Type.COUNTER, Scope.INSTANCE, "Attempts that have failed, whatever follows", MeterTag.TRANSPORT,
			MeterTag.DESTINATION, MeterTag.KIND),

	/**
	 * Retries.
	 */
	RETRIES(Type.COUNTER, Scope.INSTANCE, "Times that an event was put back to be sent again", MeterTag.TRANSPORT,
			MeterTag.DESTINATION),

	/**
	 * New dead letters.
	 */
	DEAD(Type.COUNTER, Scope.INSTANCE, "Events that have become dead letters", MeterTag.TRANSPORT,
			MeterTag.DESTINATION),

	/**
	 * Time from the event to the acknowledgement.
	 */
	DELIVERY_LAG(Type.TIMER, "seconds", Scope.INSTANCE,
			"Time from the event to the broker's acknowledgement, with" + " buckets from 10 ms to 5 min",
			MeterTag.TRANSPORT, MeterTag.DESTINATION),

	/**
	 * Time that a transport takes.
	 */
	RELAY_PUBLISH(Type.TIMER, "seconds", Scope.INSTANCE,
			"Time from handing an event to the transport to the" + " broker's answer", MeterTag.TRANSPORT,
			MeterTag.OUTCOME),

	/**
	 * Events that are sent at once.
	 */
	RELAY_BATCH_SIZE(Type.DISTRIBUTION_SUMMARY, Scope.INSTANCE, "Events that are handed to the transport at once",
			MeterTag.TRANSPORT),

	/**
	 * Whether the relay works.
	 */
	RELAY_ACTIVE(Type.GAUGE, Scope.INSTANCE, "Whether the relay runs and has a lease: 1, or 0"),

	/**
	 * Age of the lease.
	 */
	RELAY_LEASE_AGE(Type.GAUGE, "seconds", Scope.INSTANCE,
			"Time since the lease was renewed; NaN while the relay" + " is stopped"),

	/**
	 * Owned partitions.
	 */
	RELAY_OWNED(Type.GAUGE, Scope.INSTANCE, "Partitions that this instance owns", MeterTag.TRANSPORT),

	/**
	 * Events in memory.
	 */
	RELAY_IN_MEMORY(Type.GAUGE, Scope.INSTANCE, "Events that have been read and are not settled", MeterTag.TRANSPORT),

	/**
	 * Events at the broker.
	 */
	RELAY_AT_BROKER(Type.GAUGE, Scope.INSTANCE, "Events that the broker has been handed and has not answered",
			MeterTag.TRANSPORT),

	/**
	 * Waiting keys.
	 */
	RELAY_WAITING_KEYS(Type.GAUGE, Scope.INSTANCE, "Keys that wait for a retry, a re-read or an operator",
			MeterTag.TRANSPORT),

	/**
	 * Rows behind the cursor.
	 */
	RELAY_LATE(Type.COUNTER, Scope.INSTANCE,
			"Events that were committed behind the relay's cursor, which is normal" + " for long transactions",
			MeterTag.TRANSPORT),

	/**
	 * Rows that everything else has overlooked.
	 */
	RELAY_RESCUED(Type.COUNTER, Scope.INSTANCE,
			"Events that only the safety sweep has found: anything but 0 is a" + " bug, please report it",
			MeterTag.TRANSPORT),

	/**
	 * Possible duplicates.
	 */
	DUPLICATES_POSSIBLE(Type.COUNTER, Scope.INSTANCE, "Events that are sent again although the broker may have"
			+ " them: no answer came in time, or the lease or partition was lost before it came or was written down."
			+ " What an instance that dies had at the broker is not counted by anybody", MeterTag.TRANSPORT);

	private final Type type;

	private final @Nullable String unit;

	private final Scope scope;

	private final String description;

	private final MeterTag[] tags;

	OutboxMeterDocumentation(Type type, Scope scope, String description, MeterTag... tags) {
		this(type, null, scope, description, tags);
	}

	OutboxMeterDocumentation(Type type, @Nullable String unit, Scope scope, String description, MeterTag... tags) {
		this.type = type;
		this.unit = unit;
		this.scope = scope;
		this.description = description;
		this.tags = tags;
	}

	@Override
	public String getName() {
		return "outbox." + name().toLowerCase(Locale.ROOT).replace('_', '.');
	}

	@Override
	public Type getType() {
		return this.type;
	}

	/**
	 * Returns the unit.
	 * @return the unit, {@code null} for plain numbers
	 */
	@Override
	public @Nullable String getBaseUnit() {
		return this.unit;
	}

	@Override
	public KeyName[] getKeyNames() {
		return List.of(this.tags).toArray(new KeyName[0]);
	}

	/**
	 * Returns what the meter shows.
	 * @return a sentence without its full stop
	 */
	public String description() {
		return this.description;
	}

	/**
	 * Returns what the meter is about.
	 * @return the scope
	 */
	public Scope scope() {
		return this.scope;
	}

	/**
	 * Returns the tags of a meter.
	 * @param common tags of all meters
	 * @param values a value for each of the key names, in their order
	 */
	Tags tags(Tags common, String... values) {
		if (values.length != this.tags.length) {
			throw new IllegalArgumentException(getName() + " has " + this.tags.length + " tags, not " + values.length);
		}
		Tags all = common;
		for (int i = 0; i < values.length; i++) {
			all = all.and(Tag.of(this.tags[i].asString(), values[i]));
		}
		return all;
	}

	/**
	 * What a meter is about.
	 */
	public enum Scope {

		/**
		 * The whole outbox: every instance shows the same, so take the maximum.
		 */
		OUTBOX,

		/**
		 * This instance: take the sum.
		 */
		INSTANCE

	}

	/**
	 * The tags. None of them is an id or a key.
	 */
	public enum MeterTag implements KeyName {

		/**
		 * Name of the transport.
		 */
		TRANSPORT,

		/**
		 * Name of the destination, {@code other} beyond the first hundred.
		 */
		DESTINATION,

		/**
		 * One of {@code waiting}, {@code scheduled}, {@code dead}.
		 */
		STATUS,

		/**
		 * Kind of failure.
		 */
		KIND,

		/**
		 * Kind of failure, or {@code acknowledged}.
		 */
		OUTCOME;

		@Override
		public String asString() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

}
