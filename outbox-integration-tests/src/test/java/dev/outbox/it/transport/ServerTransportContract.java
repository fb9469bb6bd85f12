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

package dev.outbox.it.transport;

import java.time.Duration;

import dev.outbox.fixtures.net.FaultProxy;
import dev.outbox.test.contract.TransportContract;
import dev.outbox.transport.OutboxTransport;

/**
 * The contract of transports to a broker that listens on a port of this machine.
 */
public abstract class ServerTransportContract extends TransportContract {

	/**
	 * Makes a transport to the broker.
	 * @param port where the broker is, or is believed to be, on this machine
	 * @param publishTimeout how long a send may take
	 */
	protected abstract OutboxTransport transport(int port, Duration publishTimeout);

	/**
	 * Returns the port of the broker.
	 */
	protected abstract int port();

	@Override
	protected final OutboxTransport transport(Duration publishTimeout) {
		return transport(port(), publishTimeout);
	}

	@Override
	protected final OutboxTransport transportToNobody(Duration publishTimeout) {
		return transport(unusedPort(), publishTimeout);
	}

	/**
	 * Returns a port on which nobody listens.
	 */
	private int unusedPort() {
		try (FaultProxy proxy = FaultProxy.to(port())) {
			return proxy.port();
		}
	}

}
