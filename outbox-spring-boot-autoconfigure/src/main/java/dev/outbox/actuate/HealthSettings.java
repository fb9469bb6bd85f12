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

package dev.outbox.actuate;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What is healthy.
 *
 * @param silence how long a thread of the relay may be silent before it counts as dead
 * @param destinationDown what a destination that cannot be reached makes of the health
 * @param maxOldestAge the age of the oldest event above which events are too late,
 * {@code null} for none
 * @param tooLate what events that are too late make of the health
 * @param notDrainingAfter how long a backlog may stand still
 * @param notDraining what a backlog that stands still makes of the health
 */
public record HealthSettings(Duration silence, HealthOutcome destinationDown, @Nullable Duration maxOldestAge,
		HealthOutcome tooLate, Duration notDrainingAfter, HealthOutcome notDraining) {

}
