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

import dev.outbox.OutboxRecord;
import dev.outbox.autoconfigure.OnDeadLetter;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.relay.Ordering;
import dev.outbox.relay.RoutePolicy;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code outbox.routes.*}, and {@code outbox.relay.*} for what a route leaves open.
 */
final class PropertiesRoutePolicy implements RoutePolicy {

	private final OutboxProperties properties;

	PropertiesRoutePolicy(OutboxProperties properties) {
		this.properties = properties;
	}

	@Override
	public Ordering ordering(OutboxRecord event) {
		OutboxProperties.Route route = route(event);
		return (route != null && route.ordering() != null) ? route.ordering() : this.properties.relay().ordering();
	}

	@Override
	public boolean blocksKeyWhenDead(OutboxRecord event) {
		OutboxProperties.Route route = route(event);
		OnDeadLetter choice = (route != null && route.onDeadLetter() != null) ? route.onDeadLetter()
				: this.properties.relay().onDeadLetter();
		return choice == OnDeadLetter.BLOCK;
	}

	private OutboxProperties.@Nullable Route route(OutboxRecord event) {
		return this.properties.routes().get(event.eventType());
	}

}
