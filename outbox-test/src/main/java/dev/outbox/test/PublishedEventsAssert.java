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

import org.assertj.core.api.AbstractAssert;

/**
 * Assertions on the events of a test.
 */
public final class PublishedEventsAssert extends AbstractAssert<PublishedEventsAssert, PublishedEvents> {

	PublishedEventsAssert(PublishedEvents actual) {
		super(actual, PublishedEventsAssert.class);
	}

	/**
	 * Goes on with those whose transactions have committed.
	 * @return assertions on these, in the order of the commits
	 */
	public OutboxRecordsAssert stored() {
		isNotNull();
		return new OutboxRecordsAssert(this.actual.stored(), this.actual).as("stored events");
	}

	/**
	 * Goes on with those that a broker has acknowledged.
	 * @return assertions on these, in the order of the acknowledgements
	 */
	public OutboxRecordsAssert published() {
		isNotNull();
		return new OutboxRecordsAssert(this.actual.published(), this.actual).as("published events");
	}

	/**
	 * Requires that nothing was stored or published.
	 * @return this assertion
	 */
	public PublishedEventsAssert areNone() {
		stored().isEmpty();
		published().isEmpty();
		return this;
	}

}
