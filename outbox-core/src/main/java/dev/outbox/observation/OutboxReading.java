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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What the gauges show. Taken on an interval, never when the gauges are read.
 *
 * @param backlog the backlog, {@code null} while it is not known
 * @param rescued events that only the relay's safety sweep has found
 */
public record OutboxReading(@Nullable Counts backlog, long rescued) {

	/**
	 * How many events there are.
	 *
	 * @param waiting about how many wait
	 * @param scheduled about how many are not due yet
	 * @param dead about how many dead letters there are
	 * @param oldest age of the oldest waiting event, zero if none waits
	 */
	public record Counts(long waiting, long scheduled, long dead, Duration oldest) {

	}

}
