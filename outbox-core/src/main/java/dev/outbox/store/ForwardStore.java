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
import java.util.List;

/**
 * Dead letters that are to be forwarded, for example to a dead-letter topic. Forwarding
 * leaves the dead letter where it is. Every method runs in a transaction of its own.
 */
public interface ForwardStore {

	/**
	 * Takes dead letters whose time has come, oldest first. No other instance gets them
	 * until {@code hold} is over, so whoever dies with them only delays them.
	 * @param limit how many at most
	 * @param hold how long they are held
	 * @return the dead letters, with their payloads
	 */
	List<Forward> take(int limit, Duration hold);

	/**
	 * Notes that a dead letter has been forwarded, or is not to be forwarded any more.
	 * Idempotent.
	 * @param number its number
	 */
	void done(long number);

	/**
	 * Sets when it is tried again to forward a dead letter.
	 * @param number its number
	 * @param in how long to wait, on the database's clock
	 * @param attemptFailed whether to count a failed attempt
	 */
	void again(long number, Duration in, boolean attemptFailed);

	/**
	 * A dead letter to be forwarded.
	 *
	 * @param letter the dead letter
	 * @param attempts failed attempts to forward it
	 * @param age how long it has been dead, on the database's clock
	 */
	record Forward(DeadLetter letter, int attempts, Duration age) {

	}

}
