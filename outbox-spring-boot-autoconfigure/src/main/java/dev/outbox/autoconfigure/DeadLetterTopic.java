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

package dev.outbox.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * A destination that gets a copy of each dead letter.
 *
 * @param name Name of the destination. "{destination}" in it stands for the name of the
 * destination that the event had. Nothing is copied by default.
 * @param transport Name of the transport. That of the event by default.
 * @param maxRetries Number of retries of a copy that the broker does not take. Not
 * counted while the broker cannot be reached.
 * @param interval Time between two attempts.
 * @param ttl Time after which a dead letter is not copied any more.
 */
public record DeadLetterTopic(@Nullable String name, @Nullable String transport, @DefaultValue("3") int maxRetries,
		@DefaultValue("1m") Duration interval, @DefaultValue("24h") Duration ttl) {

	public DeadLetterTopic {
		Require.text("outbox.dead-letter.topic.name", name);
		Require.text("outbox.dead-letter.topic.transport", transport);
		Require.between("outbox.dead-letter.topic.max-retries", maxRetries, 0, 1000);
		Require.positive("outbox.dead-letter.topic.interval", interval);
		Require.positive("outbox.dead-letter.topic.ttl", ttl);
	}

	/**
	 * Who keeps dead letters for a shorter time than they may take to be copied would
	 * lose some.
	 */
	void check(Duration retention) {
		if (this.name != null) {
			Require.atLeast("outbox.dead-letter.retention", retention, this.ttl);
		}
	}

}
