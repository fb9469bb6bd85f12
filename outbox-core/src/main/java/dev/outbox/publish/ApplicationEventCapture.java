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

import java.util.Collections;
import java.util.Map;

import dev.outbox.payload.EventType;
import dev.outbox.payload.EventTypes;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.ResolvableType;

/**
 * Publishes what the application publishes through Spring, and so what its aggregates
 * register, if the class is annotated with {@code @OutboxEvent} or {@code @Externalized}.
 * Such an event needs a transaction as if it were published explicitly; when the outbox
 * refuses it, the exception reaches the one who has published it. All other events are
 * left alone, and no other listener is kept from any event.
 */
public final class ApplicationEventCapture implements GenericApplicationListener {

	private final TransactionalOutboxPublisher publisher;

	private final EventTypes types;

	/**
	 * Creates a listener.
	 * @param publisher publishes the events
	 * @param types knows the classes
	 */
	public ApplicationEventCapture(TransactionalOutboxPublisher publisher, EventTypes types) {
		this.publisher = publisher;
		this.types = types;
	}

	@Override
	public boolean supportsEventType(ResolvableType eventType) {
		Class<?> type = eventType.toClass();
		if (PayloadApplicationEvent.class.isAssignableFrom(type)) {
			type = eventType.as(PayloadApplicationEvent.class).getGeneric().toClass();
		}
		return isCaptured(type);
	}

	@Override
	public void onApplicationEvent(ApplicationEvent event) {
		Object captured = (event instanceof PayloadApplicationEvent<?> wrapper) ? wrapper.getPayload() : event;
		if (isCaptured(captured.getClass())) {
			this.publisher.publishAll(Collections.singletonList(captured), true, Map.of());
		}
	}

	private boolean isCaptured(Class<?> type) {
		return this.types.find(type).filter(EventType::isAnnotated).isPresent();
	}

	/**
	 * Comes first, so that an event is stored before those that other listeners publish
	 * because of it.
	 */
	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

	/**
	 * Stays on the publishing thread, which has the transaction.
	 */
	@Override
	public boolean supportsAsyncExecution() {
		return false;
	}

}
