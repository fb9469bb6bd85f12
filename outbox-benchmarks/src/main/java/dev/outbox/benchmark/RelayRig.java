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

package dev.outbox.benchmark;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import dev.outbox.listener.OutboxListeners;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.Ordering;
import dev.outbox.relay.RelaySettings;
import dev.outbox.relay.RoutePolicy;
import dev.outbox.retry.ExponentialRetryPolicy;
import dev.outbox.retry.RetrySettings;
import dev.outbox.store.RelayStore;
import dev.outbox.transport.OutboxTransport;

/**
 * The relay as an application gets it without setting anything, and a counter of what it
 * has settled.
 */
final class RelayRig implements AutoCloseable {

	private final RelaySide side;

	private final OutboxTransport transport;

	private final OutboxRelay relay;

	private volatile Countdown countdown = new Countdown(Long.MAX_VALUE);

	/**
	 * Creates a relay.
	 * @param side its connections, which it closes
	 * @param transport makes what it sends with, which it closes, too
	 * @param ordering how the events of a key are ordered
	 * @param decoration what to put around the transport
	 */
	RelayRig(RelaySide side, Function<RelaySettings, OutboxTransport> transport, Ordering ordering,
			UnaryOperator<OutboxTransport> decoration) {
		RelaySettings defaults = RelaySettings.defaults();
		RelaySettings settings = new RelaySettings(defaults.partitions(), defaults.batchSize(), defaults.maxInFlight(),
				defaults.maxInFlightBytes(), defaults.lease(), defaults.pollInterval(), defaults.sweepInterval(),
				defaults.publishTimeout(), defaults.destinationPause(), defaults.maxDestinationPause(),
				RoutePolicy.uniform(ordering, false), "test", false);
		this.side = side;
		this.transport = transport.apply(settings);
		this.relay = new OutboxRelay(counting(side.store()), side.leases(), side.signals(),
				List.of(decoration.apply(this.transport)), new ExponentialRetryPolicy(RetrySettings.defaults()),
				new OutboxListeners(List.of()), settings);
	}

	private RelayStore counting(RelayStore store) {
		Object proxy = Proxy.newProxyInstance(RelayStore.class.getClassLoader(), new Class<?>[] { RelayStore.class },
				(self, method, arguments) -> {
					try {
						Object result = method.invoke(store, arguments);
						if (method.getName().equals("settle")) {
							this.countdown.settled(((Collection<?>) arguments[0]).size());
						}
						return result;
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
		return (RelayStore) proxy;
	}

	OutboxRelay relay() {
		return this.relay;
	}

	/**
	 * Start the relay and wait until it has delivered and deleted what waits.
	 * @param events how many rows there are
	 */
	void drain(long events) throws InterruptedException {
		Countdown started = new Countdown(events);
		this.countdown = started;
		this.relay.start();
		started.await();
	}

	void stop() {
		this.relay.stop(Duration.ofSeconds(20));
	}

	@Override
	public void close() {
		stop();
		this.transport.close();
		this.side.close();
	}

	/**
	 * Waits until rows have been deleted; only one thread settles.
	 */
	private static final class Countdown {

		private final CountDownLatch done = new CountDownLatch(1);

		private volatile long left;

		Countdown(long events) {
			this.left = events;
		}

		synchronized void settled(int rows) {
			this.left -= rows;
			if (this.left <= 0) {
				this.done.countDown();
			}
		}

		void await() throws InterruptedException {
			for (long before = Long.MAX_VALUE; !this.done.await(30, TimeUnit.SECONDS);) {
				long now = this.left;
				if (now == before) {
					throw new IllegalStateException("The relay has settled nothing in 30 s; " + now + " rows are left");
				}
				before = now;
			}
		}

	}

}
