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

package dev.outbox.test;

import java.util.List;
import java.util.function.Predicate;

import dev.outbox.OutboxRecord;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ListAssert;

/**
 * Assertions on some events, in their order.
 */
public final class OutboxRecordsAssert extends AbstractAssert<OutboxRecordsAssert, List<OutboxRecord>> {

	private final PublishedEvents all;

	OutboxRecordsAssert(List<OutboxRecord> actual, PublishedEvents all) {
		super(actual, OutboxRecordsAssert.class);
		this.all = all;
	}

	/**
	 * Goes on with events of one type.
	 * @param eventType the logical type
	 * @return assertions on these
	 */
	public OutboxRecordsAssert ofType(String eventType) {
		return those("of type '" + eventType + "'", (event) -> event.eventType().equals(eventType));
	}

	/**
	 * Goes on with events of a class.
	 * @param eventClass the class
	 * @return assertions on these
	 */
	public OutboxRecordsAssert ofType(Class<?> eventClass) {
		return ofType(this.all.typeOf(eventClass).name());
	}

	/**
	 * Goes on with events of one destination.
	 * @param destination name of the destination, whatever its transport
	 * @return assertions on these
	 */
	public OutboxRecordsAssert to(String destination) {
		return those("to '" + destination + "'", (event) -> event.destination().name().equals(destination));
	}

	/**
	 * Goes on with events of one key.
	 * @param key the key
	 * @return assertions on these
	 */
	public OutboxRecordsAssert withKey(String key) {
		return those("with key '" + key + "'", (event) -> key.equals(event.key()));
	}

	/**
	 * Goes on with some events.
	 * @param which the events that are meant
	 * @return assertions on these
	 */
	public OutboxRecordsAssert matching(Predicate<OutboxRecord> which) {
		return those("that match", which);
	}

	private OutboxRecordsAssert those(String what, Predicate<OutboxRecord> which) {
		isNotNull();
		String before = this.info.hasDescription() ? this.info.descriptionText() + " " : "";
		return new OutboxRecordsAssert(this.actual.stream().filter(which).toList(), this.all).as("%s", before + what);
	}

	/**
	 * Requires that there are none.
	 */
	public void isEmpty() {
		hasSize(0);
	}

	/**
	 * Requires a number of events.
	 * @param expected how many
	 * @return this assertion
	 */
	public OutboxRecordsAssert hasSize(int expected) {
		isNotNull();
		if (this.actual.size() != expected) {
			failWithMessage("Expected %s, but there are %s.%n%s", expected, this.actual.size(), this.all.describe());
		}
		return this;
	}

	/**
	 * Requires that there is exactly one, and goes on with it.
	 * @return assertions on the event
	 */
	public OutboxRecordAssert isOne() {
		hasSize(1);
		return element(0);
	}

	/**
	 * Goes on with one of the events.
	 * @param index its place, from 0
	 * @return assertions on the event
	 */
	public OutboxRecordAssert element(int index) {
		isNotNull();
		if (index >= this.actual.size()) {
			failWithMessage("Expected more than %s, but there are %s.%n%s", index, this.actual.size(),
					this.all.describe());
		}
		return new OutboxRecordAssert(this.actual.get(index)).as("%s [%s]", this.info.descriptionText(), index);
	}

	/**
	 * Requires payloads, in this order.
	 * @param payloads the payloads as UTF-8 text
	 * @return this assertion
	 */
	public OutboxRecordsAssert havePayloads(String... payloads) {
		asRecords().extracting(OutboxRecordAssert::text).containsExactly(payloads);
		return this;
	}

	/**
	 * Requires types, in this order.
	 * @param eventTypes the logical types
	 * @return this assertion
	 */
	public OutboxRecordsAssert haveTypes(String... eventTypes) {
		asRecords().extracting(OutboxRecord::eventType).containsExactly(eventTypes);
		return this;
	}

	/**
	 * Goes on with all that AssertJ can say of a list.
	 * @return assertions on the list
	 */
	public ListAssert<OutboxRecord> asRecords() {
		isNotNull();
		return Assertions.assertThat(this.actual).as("%s", this.info.descriptionText());
	}

}
