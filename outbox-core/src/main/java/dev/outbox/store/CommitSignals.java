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
 * Tells other instances that something was committed, sooner than they would find out by
 * polling. A hint only: correctness never depends on it.
 */
public interface CommitSignals extends AutoCloseable {

	/**
	 * Starts to listen, in the background, and to recover whenever the connection is
	 * lost.
	 * @param onSignal what to do when another instance has committed something; must not
	 * block
	 */
	void listen(Runnable onSignal);

	/**
	 * Returns whether a signal that is sent now would be heard.
	 * @return {@code false} while there is no connection to listen on
	 */
	boolean isListening();

	/**
	 * Asks for a signal to the other instances. Returns at once; requests are coalesced.
	 */
	void signal();

	@Override
	void close();

}
