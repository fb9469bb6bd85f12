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

package dev.outbox.observation;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import dev.outbox.OutboxRecord;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TransportOption;

/**
 * A transport whose sends are observed.
 */
final class ObservedTransport implements OutboxTransport {

	private final OutboxTransport transport;

	private final SendObservations observations;

	ObservedTransport(OutboxTransport transport, SendObservations observations) {
		this.transport = transport;
		this.observations = observations;
	}

	@Override
	public String name() {
		return this.transport.name();
	}

	@Override
	public Collection<TransportOption<?>> options() {
		return this.transport.options();
	}

	@Override
	public Map<String, Object> defaultOptions() {
		return this.transport.defaultOptions();
	}

	@Override
	public void check(OutboxRecord event) {
		this.transport.check(event);
	}

	@Override
	public void send(List<? extends Delivery> batch) {
		List<Delivery> observed = new ArrayList<>(batch.size());
		batch.forEach((delivery) -> observed.add(this.observations.start(delivery)));
		try {
			this.transport.send(observed);
		}
		catch (RuntimeException | Error ex) {
			// What has been completed meanwhile has ended already.
			for (Delivery delivery : observed) {
				if (delivery instanceof ObservedDelivery unsent) {
					unsent.end(ex);
				}
			}
			throw ex;
		}
	}

	@Override
	public void close() {
		this.transport.close();
	}

	@Override
	public String toString() {
		return this.transport.toString();
	}

}
