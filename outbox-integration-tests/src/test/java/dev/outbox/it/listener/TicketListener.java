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

package dev.outbox.it.listener;

import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;
import jakarta.persistence.PostPersist;
import jakarta.persistence.PostUpdate;

/**
 * Publishes while the mapper flushes. Its factory waits for the publisher.
 */
class TicketListener {

	private final OutboxPublisher outbox;

	TicketListener(OutboxPublisher outbox) {
		this.outbox = outbox;
	}

	@PostPersist
	void opened(Ticket ticket) {
		this.outbox.publish(OutboxMessage.of("ticket", ticket.id(), "ticket.opened", "{}"));
	}

	@PostUpdate
	void changed(Ticket ticket) {
		this.outbox.publish(OutboxMessage.of("ticket", ticket.id(), "ticket.changed", "{}"));
	}

}
