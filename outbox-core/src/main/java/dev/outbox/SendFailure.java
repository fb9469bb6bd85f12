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

import org.jspecify.annotations.Nullable;

/**
 * Why a record was not delivered.
 *
 * @param kind whose fault it is
 * @param message what the broker or its client said; never contains the payload
 * @param cause the client's exception, if there is one
 * @param mayHaveArrived whether the broker may have the record nevertheless, for example
 * because only its answer was lost; {@code false} only if it certainly has not
 */
public record SendFailure(FailureKind kind, String message, @Nullable Throwable cause, boolean mayHaveArrived) {

	/**
	 * Creates a failure after which the broker may have the record, unless it was
	 * refused.
	 * @param kind whose fault it is
	 * @param message what the broker or its client said
	 * @param cause the client's exception, if there is one
	 */
	public SendFailure(FailureKind kind, String message, @Nullable Throwable cause) {
		this(kind, message, cause, kind == FailureKind.UNAVAILABLE || kind == FailureKind.RETRIABLE);
	}

}
