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

package dev.outbox.publish;

import org.jspecify.annotations.Nullable;

/**
 * Code that runs in a transaction of an {@link OutboxTemplate}.
 *
 * @param <T> type of the result
 */
@FunctionalInterface
public interface OutboxCallback<T extends @Nullable Object> {

	/**
	 * Runs the code. What it throws rolls the transaction back and reaches the caller.
	 * @param transaction the transaction
	 * @return the result. If it is an event, a message, or an iterable that contains any,
	 * it is published, unless the callback has published the same object itself
	 */
	T run(OutboxTransaction transaction);

}
