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

import java.util.PriorityQueue;

/**
 * What a lane does later. Actions check for themselves whether they still apply.
 */
final class Timers {

	private final PriorityQueue<Timer> queue = new PriorityQueue<>();

	void at(long due, Runnable action) {
		this.queue.add(new Timer(due, action));
	}

	boolean runDue(long now) {
		boolean worked = false;
		for (Timer timer = this.queue.peek(); timer != null && timer.due - now <= 0; timer = this.queue.peek()) {
			this.queue.poll();
			timer.action.run();
			worked = true;
		}
		return worked;
	}

	/**
	 * Returns how long it is until the next action, at most {@code limit} nanoseconds.
	 */
	long untilNext(long now, long limit) {
		Timer timer = this.queue.peek();
		return (timer != null) ? Math.max(1, Math.min(limit, timer.due - now)) : limit;
	}

	private record Timer(long due, Runnable action) implements Comparable<Timer> {

		@Override
		public int compareTo(Timer other) {
			return Long.compare(this.due - other.due, 0);
		}

	}

}
