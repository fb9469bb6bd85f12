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

/**
 * Whose fault a failed send is, and so what happens next.
 */
public enum FailureKind {

	/**
	 * The record was not accepted this time; the next attempt may succeed. Counts an
	 * attempt and backs off.
	 */
	RETRIABLE,

	/**
	 * The broker refused this record. Counts an attempt and backs off, but is given up
	 * after {@code outbox.retry.max-attempts}.
	 */
	REJECTED,

	/**
	 * The destination cannot be used by any record: connection, authentication,
	 * authorisation, unknown destination. Counts no attempt; the destination pauses and
	 * is probed.
	 */
	UNAVAILABLE,

	/**
	 * This record can never be sent: too large, or not serializable by the client. Goes
	 * to the dead letters at once.
	 */
	FATAL

}
