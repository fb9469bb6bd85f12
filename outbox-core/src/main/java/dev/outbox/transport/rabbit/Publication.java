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

import java.util.function.Consumer;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
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

	private final Consumer<Route> missing;

	private volatile @Nullable String returned;

	/**
	 * Creates a publication.
	 * @param send who waits for the outcome
	 * @param message what is published
	 * @param missing told of an exchange that does not exist or takes the message nowhere
	 */
	Publication(OpenSend send, RabbitMessage message, Consumer<Route> missing) {
		this.send = send;
		this.missing = missing;
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
			this.missing.accept(this.route);
		}
		else {
			this.send.acknowledge(null);
		}
	}

	/**
	 * Reports that the channel was closed.
	 * @param shutdown why
	 * @param alone whether no other message can have been the reason
	 */
	void closed(ShutdownSignalException shutdown, boolean alone) {
		fail(RabbitFailures.closed(shutdown, this.route, alone));
		if (shutdown.getReason() instanceof AMQP.Channel.Close close && close.getReplyCode() == AMQP.NOT_FOUND) {
			this.missing.accept(this.route);
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
