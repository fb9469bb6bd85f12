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

package dev.outbox.autoconfigure.instances;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.outbox.autoconfigure.EventClassScanner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;

/**
 * Warns, once for each class, of events that none of several outboxes captures although
 * their class says that they are for one, where nothing says that this is meant.
 */
final class UncapturedEvents implements ApplicationListener<ApplicationEvent> {

	private static final Logger logger = LoggerFactory.getLogger(UncapturedEvents.class);

	private final Set<Class<?>> seen = ConcurrentHashMap.newKeySet();

	private final Set<String> outboxes;

	UncapturedEvents(Set<String> outboxes) {
		this.outboxes = outboxes;
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		Class<?> type = ((event instanceof PayloadApplicationEvent<?> wrapper) ? wrapper.getPayload() : event)
			.getClass();
		if (this.seen.add(type) && EventClassScanner.isEvent(type)) {
			logger.warn("An event of {} was published through Spring, and stored in none of the outboxes {}. Set"
					+ " 'outbox.instances.{}.write.capture-events', or that of another one, to true if it is to store"
					+ " such events, or to false if they are for listeners only", type.getName(), this.outboxes,
					this.outboxes.iterator().next());
		}
	}

}
