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

package dev.outbox;

import java.io.Serializable;
import java.util.List;

/**
 * What became of messages that were sent together.
 *
 * @param results one for each message, in the order in which they were given
 */
public record BatchResult(List<SendResult> results) implements Serializable {

	public BatchResult {
		results = List.copyOf(results);
	}

	/**
	 * Returns whether the broker has acknowledged all messages.
	 * @return {@code true} if it has, also if there was none
	 */
	public boolean isAcknowledged() {
		return this.results.stream().allMatch(SendResult::isAcknowledged);
	}

	/**
	 * Returns what was not acknowledged.
	 * @return the results of these messages, in the order in which they were given
	 */
	public List<SendResult> failures() {
		return this.results.stream().filter((result) -> !result.isAcknowledged()).toList();
	}

	/**
	 * Requires that all messages have been acknowledged.
	 * @return this result
	 * @throws BatchSendException if one has not
	 */
	public BatchResult orThrow() {
		if (!isAcknowledged()) {
			throw new BatchSendException(this);
		}
		return this;
	}

}
