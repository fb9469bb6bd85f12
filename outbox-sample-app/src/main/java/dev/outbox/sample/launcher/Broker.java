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

package dev.outbox.sample.launcher;

import java.util.concurrent.Executor;

import dev.outbox.sample.embedded.EmbeddedServers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The broker that can be broken. Stopping and starting take seconds: both happen in the
 * background, one after the other. Thread-safe.
 */
final class Broker {

	private static final Logger logger = LoggerFactory.getLogger(Broker.class);

	private final EmbeddedServers servers;

	private final Executor background;

	private State state;

	Broker(EmbeddedServers servers, Executor background) {
		this.servers = servers;
		this.background = background;
		this.state = servers.bootstrapServers().isPresent() ? State.RUNNING : State.ELSEWHERE;
	}

	synchronized State state() {
		return this.state;
	}

	void stop() {
		change(State.RUNNING, State.STOPPING, this.servers::stopBroker, State.STOPPED);
	}

	void start() {
		change(State.STOPPED, State.STARTING, this.servers::startBroker, State.RUNNING);
	}

	private synchronized void change(State from, State meanwhile, Runnable action, State to) {
		if (this.state == from) {
			this.state = meanwhile;
			this.background.execute(() -> {
				try {
					action.run();
					reached(to);
				}
				catch (Exception ex) {
					// Not only unchecked ones: Kafka declares nothing of what it throws.
					logger.error("The broker is not {}; it can be tried again", to, ex);
					reached(from);
				}
			});
		}
	}

	private synchronized void reached(State reached) {
		this.state = reached;
	}

	/**
	 * How the broker is.
	 */
	enum State {

		RUNNING, STOPPING, STOPPED, STARTING,
		/** It is not the launcher's. */
		ELSEWHERE

	}

}
