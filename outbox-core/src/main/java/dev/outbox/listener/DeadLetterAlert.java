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

package dev.outbox.listener;

/**
 * Is told of dead letters, to page somebody. A bean of this type is all that is needed.
 * <p>
 * Called once for each dead letter in the whole cluster, by the instance that has given
 * the event up, on a thread of its own: it may take its time, and what it throws is
 * logged. When dead letters come faster than alerts are handled, some are left out, and
 * the next alert says how many. An alert is lost when the process ends before it was
 * handled: alert on the meter {@code outbox.records} with the tag {@code status=dead}
 * too.
 */
@FunctionalInterface
public interface DeadLetterAlert {

	/**
	 * An event has been moved to the dead letters.
	 * @param dead the event, without its payload, and why
	 * @param leftOut how many alerts were left out since the last call
	 */
	void onDeadLetter(OutboxEventDead dead, long leftOut);

}
