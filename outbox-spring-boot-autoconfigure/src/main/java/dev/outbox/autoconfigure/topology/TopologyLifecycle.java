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

package dev.outbox.autoconfigure.topology;

import dev.outbox.autoconfigure.relay.RelayPhase;
import dev.outbox.topology.Topology;

import org.springframework.context.SmartLifecycle;

/**
 * Has declared destinations created or compared before the relay starts to send and the
 * web server takes requests.
 */
final class TopologyLifecycle implements SmartLifecycle {

	private final Topology topology;

	private final DeclaringClasses classes;

	private volatile boolean running;

	TopologyLifecycle(Topology topology, DeclaringClasses classes) {
		this.topology = topology;
		this.classes = classes;
	}

	@Override
	public void start() {
		this.topology.start(this.classes.find());
		this.running = true;
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return RelayPhase.PHASE - 1;
	}

}
