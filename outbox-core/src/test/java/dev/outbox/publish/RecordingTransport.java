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

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.outbox.FailureKind;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OutboxTransport;
import org.jspecify.annotations.Nullable;

/**
 * A transport that answers when it is told to.
 */
final class RecordingTransport implements OutboxTransport {

	static final Instant ANSWERED = Instant.parse("2026-11-21T05:06:08Z");

	final List<Delivery> deliveries = new CopyOnWriteArrayList<>();

	private final String name;

	private volatile boolean answering;

	private volatile @Nullable Error broken;

	RecordingTransport(String name) {
		this.name = name;
	}

	/**
	 * Acknowledges what is sent from now on, at once.
	 */
	RecordingTransport answering() {
		this.answering = true;
		return this;
	}

	/**
	 * Throws an error from now on, after it has taken what is sent.
	 * @param error the error, or {@code null} to work again
	 */
	void breakOff(@Nullable Error error) {
		this.broken = error;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public void send(List<? extends Delivery> batch) {
		if (batch.stream().anyMatch((delivery) -> delivery.record().eventType().equals("impossible"))) {
			throw new IllegalStateException("no connection");
		}
		this.deliveries.addAll(batch);
		Error error = this.broken;
		if (error != null) {
			throw error;
		}
		if (this.answering) {
			batch.forEach(RecordingTransport::acknowledge);
		}
	}

	void acknowledge(int index) {
		acknowledge(this.deliveries.get(index));
	}

	private static void acknowledge(Delivery delivery) {
		delivery.complete(SendResult.acknowledged(delivery.record(), ANSWERED, "somewhere"));
	}

	void fail(int index, FailureKind kind, String message) {
		fail(index, new SendFailure(kind, message, null));
	}

	void fail(int index, SendFailure failure) {
		Delivery delivery = this.deliveries.get(index);
		delivery.complete(SendResult.failed(delivery.record(), ANSWERED, failure));
	}

	@Override
	public void close() {
		throw new IllegalStateException("A sender does not close its transports");
	}

}
