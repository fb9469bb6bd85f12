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

package dev.outbox.transport.rabbit;

import dev.outbox.SendFailure;
import dev.outbox.transport.OpenSends.OpenSend;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to an exchange. Does not hold what was sent: when its time is
 * over, only this is left.
 */
final class Publication {

	private final OpenSend send;

	private final Route route;

	private volatile @Nullable String returned;

	Publication(OpenSend send, RabbitMessage message) {
		this.send = send;
		this.route = new Route(message.exchange(), message.routingKey(), message.body().length);
	}

	Route route() {
		return this.route;
	}

	boolean hasId(@Nullable String id) {
		return this.send.record().id().toString().equals(id);
	}

	/**
	 * Notes that the broker could not route the message. The confirm follows.
	 * @param reply why
	 */
	void returned(String reply) {
		this.returned = reply;
	}

	void confirmed(boolean ack) {
		String reply = this.returned;
		if (!ack) {
			fail(RabbitFailures.nack(this.route));
		}
		else if (reply != null) {
			fail(RabbitFailures.returned(this.route, reply));
		}
		else {
			this.send.acknowledge(null);
		}
	}

	void fail(SendFailure failure) {
		this.send.fail(failure);
	}

	/**
	 * Where a message goes.
	 *
	 * @param exchange the exchange, empty for the default one
	 * @param routingKey the routing key
	 * @param size size of the body in bytes
	 */
	record Route(String exchange, String routingKey, int size) {

		@Override
		public String toString() {
			return this.exchange.isEmpty() ? "queue '" + this.routingKey + "'"
					: "exchange '" + this.exchange + "' with routing key '" + this.routingKey + "'";
		}

	}

}
