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

import java.util.List;

import dev.outbox.OutboxRecord;
import dev.outbox.listener.OutboxListener;
import dev.outbox.store.NewEvent;
import dev.outbox.store.WakeUp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the relay and the listeners what was committed. Nothing that they throw reaches
 * the caller, whose transaction has been committed.
 */
final class CommitHooks {

	private static final Logger logger = LoggerFactory.getLogger(CommitHooks.class);

	private final WakeUp wakeUp;

	private final List<OutboxListener> listeners;

	CommitHooks(WakeUp wakeUp, List<OutboxListener> listeners) {
		this.wakeUp = wakeUp;
		this.listeners = List.copyOf(listeners);
	}

	void committed(List<NewEvent> events) {
		run("The wake-up of the relay", events.size(), () -> this.wakeUp.committed(events));
		if (this.listeners.isEmpty()) {
			return;
		}
		List<OutboxRecord> records = events.stream().map(NewEvent::event).toList();
		for (OutboxListener listener : this.listeners) {
			run("onStored of " + listener.getClass().getName(), records.size(), () -> listener.onStored(records));
		}
	}

	private static void run(String what, int events, Runnable hook) {
		try {
			hook.run();
		}
		catch (Throwable ex) {
			logger.error("{} has failed after the commit of {} events. They are stored, and the relay finds them at"
					+ " its next poll; correct what has failed.", what, events, ex);
		}
	}

}
