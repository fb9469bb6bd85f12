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

import dev.outbox.actuate.HealthOutcome;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the health indicator reports.
 *
 * @param destinationDown Status while a destination cannot be reached. Its reason is a
 * detail anyway.
 * @param maxOldestAge Age of the oldest waiting event above which the health has the
 * status of "outbox.health.too-late". None by default.
 * @param tooLate Status while the oldest event is older than
 * "outbox.health.max-oldest-age".
 * @param notDrainingAfter Time after which a backlog that does not shrink, and from which
 * this instance publishes nothing, is reported.
 * @param stalled Status while a backlog is not draining.
 */
public record HealthProperties(@DefaultValue("up") HealthOutcome destinationDown, @Nullable Duration maxOldestAge,
		@DefaultValue("down") HealthOutcome tooLate, @DefaultValue("5m") Duration notDrainingAfter,
		@DefaultValue("up") HealthOutcome stalled) {

	public HealthProperties {
		if (maxOldestAge != null) {
			Require.positive("outbox.health.max-oldest-age", maxOldestAge);
		}
		Require.positive("outbox.health.not-draining-after", notDrainingAfter);
	}

}
