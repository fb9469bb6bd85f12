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

package dev.outbox.retry;

import java.time.Duration;

import dev.outbox.FailureKind;

/**
 * Decides when a failed event is sent again, or that it is given up. Never asked about a
 * destination that is unavailable: that is nobody's fault.
 */
@FunctionalInterface
public interface RetryPolicy {

	/**
	 * Decides about an event.
	 * @param kind what kind of failure the last attempt was
	 * @param attempts how many attempts have failed, the last one included
	 * @param failingFor how long ago the first attempt failed, without the time during
	 * which the destination was paused
	 * @return the decision
	 */
	RetryDecision decide(FailureKind kind, int attempts, Duration failingFor);

}
