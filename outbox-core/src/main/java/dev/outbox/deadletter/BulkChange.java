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

package dev.outbox.deadletter;

import java.time.Instant;
import java.util.UUID;

import dev.outbox.store.DeadLetterFilter;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a change of many dead letters.
 *
 * @param id id of the change
 * @param action what is done to each
 * @param filter which dead letters
 * @param perSecond how many are changed in a second at most
 * @param operator who wants it
 * @param startedAt when it began
 * @param state whether it goes on
 * @param changed how many dead letters it has changed
 * @param gone how many others had changed meanwhile
 * @param failed how many could not be changed, and are dead letters as before
 * @param error why it has failed
 */
public record BulkChange(UUID id, Action action, DeadLetterFilter filter, int perSecond, String operator,
		Instant startedAt, State state, long changed, long gone, long failed, @Nullable String error) {

	/**
	 * What is done to each dead letter.
	 */
	public enum Action {

		/**
		 * It is put back into the outbox.
		 */
		RETRY,

		/**
		 * It is deleted.
		 */
		DISCARD

	}

	/**
	 * Whether a change goes on.
	 */
	public enum State {

		/**
		 * It goes on.
		 */
		RUNNING,

		/**
		 * All dead letters that it is about have been changed.
		 */
		FINISHED,

		/**
		 * An operator or the end of the application has stopped it.
		 */
		STOPPED,

		/**
		 * The store could not be used; what was changed stays changed.
		 */
		FAILED

	}

}
