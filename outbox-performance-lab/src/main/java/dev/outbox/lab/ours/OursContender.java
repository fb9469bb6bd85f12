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

package dev.outbox.lab.ours;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;
import dev.outbox.lab.app.Contender;
import dev.outbox.lab.app.LabEvent;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ApplicationContext;

/**
 * An application with this library's starter.
 */
public final class OursContender implements Contender {

	@Override
	public Class<?> application() {
		return Application.class;
	}

	@Override
	public Map<String, Object> properties(boolean relay, boolean tuned) {
		Map<String, Object> properties = new HashMap<>();
		properties.put("outbox.relay.enabled", relay);
		if (tuned) {
			properties.put("outbox.headers.cloud-events", false);
			properties.put("outbox.relay.ordering", "pipelined");
		}
		return properties;
	}

	@Override
	public Consumer<LabEvent> publisher(ApplicationContext context) {
		OutboxPublisher publisher = context.getBean(OutboxPublisher.class);
		return (event) -> publisher.publish(OutboxMessage.builder()
			.key(event.key())
			.eventType("LabEvent")
			.destination(event.topic())
			.payload(event.value())
			.build());
	}

	/**
	 * The application.
	 */
	@SpringBootApplication
	static class Application {

	}

}
