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

package dev.outbox.autoconfigure.deadletter;

import dev.outbox.deadletter.DeadLetterForwarder;

import org.springframework.context.SmartLifecycle;

/**
 * Starts to forward dead letters together with the application, and stops first.
 */
final class DeadLetterForwarderLifecycle implements SmartLifecycle {

	private final DeadLetterForwarder forwarder;

	private final boolean autoStartup;

	private volatile boolean running;

	DeadLetterForwarderLifecycle(DeadLetterForwarder forwarder, boolean autoStartup) {
		this.forwarder = forwarder;
		this.autoStartup = autoStartup;
	}

	@Override
	public void start() {
		this.forwarder.start();
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
		this.forwarder.close();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public boolean isAutoStartup() {
		return this.autoStartup;
	}

}
