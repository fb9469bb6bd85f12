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

package dev.outbox.autoconfigure.publish;

import java.time.Duration;

import dev.outbox.autoconfigure.relay.RelayPhase;
import dev.outbox.publish.TransportMessageSender;

import org.springframework.context.SmartLifecycle;

/**
 * Stops the sender with the application: after the last web request has ended, and before
 * the producers of a broker are closed. It takes messages before the application has
 * started, and again when it starts once more.
 */
final class OutboxSenderLifecycle implements SmartLifecycle {

	private final TransportMessageSender sender;

	private final Duration shutdownTimeout;

	private volatile boolean running;

	OutboxSenderLifecycle(TransportMessageSender sender, Duration shutdownTimeout) {
		this.sender = sender;
		this.shutdownTimeout = shutdownTimeout;
	}

	@Override
	public void start() {
		this.sender.start();
		this.running = true;
	}

	@Override
	public void stop() {
		this.sender.stop(this.shutdownTimeout);
		this.running = false;
	}

	@Override
	public void stop(Runnable callback) {
		RelayPhase.stop("outbox-sender-stop", this::stop, callback);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return RelayPhase.PHASE;
	}

}
