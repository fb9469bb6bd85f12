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

package dev.outbox.publish;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

import org.awaitility.Awaitility;

/**
 * Threads that send and wait for room.
 */
final class BlockedSends {

	private BlockedSends() {
	}

	/**
	 * Waits until that many threads wait for room.
	 */
	static void await(int count) {
		Awaitility.await()
			.atMost(Duration.ofSeconds(30))
			.until(() -> Thread.getAllStackTraces().entrySet().stream().filter(BlockedSends::waits).count() == count);
	}

	private static boolean waits(Map.Entry<Thread, StackTraceElement[]> thread) {
		return thread.getKey().getState() == Thread.State.TIMED_WAITING && Arrays.stream(thread.getValue())
			.anyMatch((frame) -> frame.getClassName().equals(Passage.class.getName()));
	}

}
