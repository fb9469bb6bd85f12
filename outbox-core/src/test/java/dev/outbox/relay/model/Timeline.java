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

package dev.outbox.relay.model;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;

import org.jspecify.annotations.Nullable;

/**
 * Virtual time: what is to happen, in its order. The same seed gives the same order.
 */
final class Timeline {

	private final PriorityQueue<Step> steps = new PriorityQueue<>();

	private final @Nullable List<String> notes;

	private final Random random;

	private long now;

	private long planned;

	private long done;

	Timeline(long seed, boolean noting) {
		this.random = new Random(seed);
		this.notes = noting ? new ArrayList<>() : null;
	}

	/**
	 * Plans what no instance does itself.
	 */
	void later(long delay, Runnable action) {
		add(this.now + delay, null, action);
	}

	/**
	 * Plans a step of an instance: when the instance is paused by then, it comes later;
	 * when it was killed, not at all.
	 */
	void later(long delay, Instance of, Runnable action) {
		add(this.now + delay, of, action);
	}

	private void add(long at, @Nullable Instance of, Runnable action) {
		this.planned++;
		this.steps.add(new Step(at, this.planned, of, action));
	}

	/**
	 * Does the next step.
	 * @return {@code false} if there is none
	 */
	boolean next() {
		Step step = this.steps.poll();
		if (step == null) {
			return false;
		}
		this.now = step.at();
		this.done++;
		Instance of = step.of();
		if (of == null) {
			step.action().run();
		}
		else if (of.pausedUntil() > this.now) {
			add(of.pausedUntil() + this.random.nextInt(3), of, step.action());
		}
		else if (of.isRunning()) {
			step.action().run();
		}
		return true;
	}

	long now() {
		return this.now;
	}

	long done() {
		return this.done;
	}

	/**
	 * Returns a time of at least 1, so that time goes on.
	 */
	long delay(int most) {
		return 1 + this.random.nextInt(most);
	}

	boolean oneIn(int times) {
		return this.random.nextInt(times) == 0;
	}

	int below(int bound) {
		return this.random.nextInt(bound);
	}

	/**
	 * Notes what happens, where somebody reads it.
	 */
	void note(String text, @Nullable Object what) {
		if (this.notes != null) {
			this.notes.add(this.now + " " + text + " " + what);
		}
	}

	List<String> notes() {
		return (this.notes != null) ? this.notes : List.of();
	}

	private record Step(long at, long number, @Nullable Instance of, Runnable action) implements Comparable<Step> {

		@Override
		public int compareTo(Step other) {
			int byTime = Long.compare(this.at, other.at);
			return (byTime != 0) ? byTime : Long.compare(this.number, other.number);
		}

	}

}
