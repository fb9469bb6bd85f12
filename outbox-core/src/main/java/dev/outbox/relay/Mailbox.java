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

package dev.outbox.relay;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.jspecify.annotations.Nullable;

/**
 * What other threads have left for a lane to do. A message for a term or a state that has
 * ended meanwhile is dropped.
 */
final class Mailbox {

	private final Queue<Message> messages = new ConcurrentLinkedQueue<>();

	/**
	 * Leaves a message for one state of the lane.
	 */
	void forState(LaneTerm state, Runnable action) {
		this.messages.add(new Message(state, null, action));
	}

	/**
	 * Leaves a message for whatever state the lane is in during a term.
	 */
	void forTerm(Term term, Runnable action) {
		this.messages.add(new Message(null, term, action));
	}

	/**
	 * Leaves a message for the lane itself.
	 */
	void forLane(Runnable action) {
		this.messages.add(new Message(null, null, action));
	}

	boolean isEmpty() {
		return this.messages.isEmpty();
	}

	/**
	 * Takes the next message.
	 * @return the message, {@code null} if there is none
	 */
	@Nullable Message next() {
		return this.messages.poll();
	}

	/**
	 * Something to do on the lane's thread.
	 *
	 * @param state the state it is meant for, if it is meant for one only
	 * @param term the term it is meant for, if it is meant for one only
	 * @param action what to do
	 */
	record Message(@Nullable LaneTerm state, @Nullable Term term, Runnable action) {

		boolean isMeantFor(@Nullable LaneTerm currentState, @Nullable Term currentTerm) {
			return (this.state == null || this.state == currentState)
					&& (this.term == null || (this.term == currentTerm && currentState != null));
		}

	}

}
