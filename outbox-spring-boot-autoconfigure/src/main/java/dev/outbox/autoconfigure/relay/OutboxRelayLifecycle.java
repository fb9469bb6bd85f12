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

package dev.outbox.autoconfigure.relay;

import java.time.Duration;

import dev.outbox.relay.OutboxRelay;

import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the relay with the application. It stops after the last web request
 * has ended, so that it is still woken by its commit, and before the producers of a
 * broker are closed.
 */
final class OutboxRelayLifecycle implements SmartLifecycle {

	private final OutboxRelay relay;

	private final Duration shutdownTimeout;

	private final boolean autoStartup;

	OutboxRelayLifecycle(OutboxRelay relay, Duration shutdownTimeout, boolean autoStartup) {
		this.relay = relay;
		this.shutdownTimeout = shutdownTimeout;
		this.autoStartup = autoStartup;
	}

	@Override
	public void start() {
		this.relay.start();
	}

	@Override
	public void stop() {
		this.relay.stop(this.shutdownTimeout);
	}

	@Override
	public void stop(Runnable callback) {
		RelayPhase.stop("outbox-relay-stop", this::stop, callback);
	}

	@Override
	public boolean isRunning() {
		return this.relay.isRunning();
	}

	@Override
	public boolean isAutoStartup() {
		return this.autoStartup;
	}

	@Override
	public int getPhase() {
		return RelayPhase.PHASE;
	}

}
