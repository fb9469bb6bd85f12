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

/**
 * What happens to an event that could not be sent.
 */
public sealed interface RetryDecision {

	/**
	 * The event is sent again.
	 *
	 * @param delay how long to wait
	 */
	record Retry(Duration delay) implements RetryDecision {

	}

	/**
	 * The event goes to the dead letters.
	 *
	 * @param reason why, for the operator
	 */
	record GiveUp(String reason) implements RetryDecision {

	}

}
