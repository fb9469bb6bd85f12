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

package dev.outbox.store;

/**
 * How the archive is divided, so that what has expired leaves it as a whole.
 */
public enum ArchivePartition {

	/**
	 * Not at all: what has expired is deleted row by row.
	 */
	NONE,

	/**
	 * A part for each day in UTC.
	 */
	DAY,

	/**
	 * A part for each month in UTC.
	 */
	MONTH

}
