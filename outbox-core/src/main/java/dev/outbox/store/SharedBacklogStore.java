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

import java.time.Duration;
import java.util.Optional;

/**
 * What the instances have found out about the backlog, so that one of them measures it
 * for all.
 */
public interface SharedBacklogStore {

	/**
	 * Returns what was measured last.
	 * @return the measurement; empty if there is none, none that this version can read,
	 * or one of the future: the clock of the store has been set back
	 */
	Optional<Measurement> read();

	/**
	 * Asks to be the one that measures. Of all instances that ask within an interval, one
	 * is told to; it need not succeed. A claim of the future counts for nothing.
	 * @param interval how long nobody else is to measure
	 * @return whether the caller is to measure
	 */
	boolean claim(Duration interval);

	/**
	 * Lets all instances know.
	 * @param backlog what was measured just now
	 */
	void write(Backlog backlog);

	/**
	 * A measurement that an instance has taken.
	 *
	 * @param backlog what was measured
	 * @param age how long ago, on the clock of the store
	 */
	record Measurement(Backlog backlog, Duration age) {

	}

}
