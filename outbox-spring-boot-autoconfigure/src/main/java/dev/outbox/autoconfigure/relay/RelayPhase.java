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

import org.springframework.context.SmartLifecycle;

/**
 * When relays start and stop, and how they stop.
 */
public final class RelayPhase {

	/**
	 * After the web server, which stops at {@code DEFAULT_PHASE - 2048}.
	 */
	public static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

	private RelayPhase() {
	}

	/**
	 * Stops one of this phase on a thread of its own, so that all of them stop at the
	 * same time.
	 * @param name name of the thread
	 * @param stop stops it, and may take its time
	 * @param callback called afterwards, whatever has become of it
	 */
	public static void stop(String name, Runnable stop, Runnable callback) {
		Thread thread = new Thread(() -> {
			try {
				stop.run();
			}
			finally {
				callback.run();
			}
		}, name);
		thread.setDaemon(true);
		thread.start();
	}

}
