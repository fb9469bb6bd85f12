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

import java.util.UUID;

import dev.outbox.SendFailure;
import dev.outbox.transport.OpenSends.OpenSend;
import org.jspecify.annotations.Nullable;

/**
 * One message on its way to an exchange.
 */
final class Publication {

	private final OpenSend send;

	private final RabbitMessage message;

	private volatile @Nullable String returned;

	private volatile boolean done;

	Publication(OpenSend send, RabbitMessage message) {
		this.send = send;
		this.message = message;
	}

	UUID id() {
		return this.send.record().id();
	}

	RabbitMessage message() {
		return this.message;
	}

	/**
	 * Whether somebody still waits for the outcome. One whose time is over is not sent
	 * any more.
	 */
	boolean isAwaited() {
		return this.send.isOpen();
	}

	/**
	 * Whether the broker has answered, or never will.
	 */
	boolean isDone() {
		return this.done;
	}

	/**
	 * Notes that the broker could not route the message. The confirm follows.
	 * @param reply why
	 */
	void returned(String reply) {
		this.returned = reply;
	}

	boolean isReturned() {
		return this.returned != null;
	}

	void confirmed(boolean ack) {
		String reply = this.returned;
		if (!ack) {
			fail(RabbitFailures.nack(this.message));
		}
		else if (reply != null) {
			fail(RabbitFailures.returned(this.message, reply));
		}
		else {
			this.done = true;
			this.send.acknowledge(null);
		}
	}

	void fail(SendFailure failure) {
		this.done = true;
		this.send.fail(failure);
	}

}
