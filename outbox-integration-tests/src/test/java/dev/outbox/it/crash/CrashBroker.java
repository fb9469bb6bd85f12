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

package dev.outbox.it.crash;

import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import dev.outbox.fixtures.rabbit.RabbitServer;
import dev.outbox.it.crash.ChaosSchedule.Step;
import org.junit.jupiter.api.Assumptions;

/**
 * The brokers that are killed.
 */
enum CrashBroker {

	KAFKA(CrashKafka::new, EnumSet.range(Fault.KILL_INSTANCE, Fault.KILL_DATABASE)),

	RABBIT(CrashRabbit::new, EnumSet.range(Fault.KILL_INSTANCE, Fault.RAISE_ALARM));

	private final Supplier<Running> start;

	private final Set<Fault> faults;

	CrashBroker(Supplier<Running> start, Set<Fault> faults) {
		this.start = start;
		this.faults = Collections.unmodifiableSet(faults);
	}

	/**
	 * Starts a broker with places that events can go to.
	 */
	Running start() {
		Assumptions.assumeTrue(this != RABBIT || RabbitServer.isAvailable(), "needs a RabbitMQ to start and stop: "
				+ "install the package rabbitmq-server, or set the system property outbox.rabbitmq.home");
		return this.start.get();
	}

	/**
	 * Returns what can happen with this broker.
	 */
	Set<Fault> faults() {
		return this.faults;
	}

	/**
	 * A broker of one's own.
	 */
	interface Running extends AutoCloseable {

		/**
		 * Returns what an application needs to reach it.
		 */
		Map<String, Object> properties();

		/**
		 * Returns where events may go. Each key has one of these.
		 */
		List<String> destinations();

		/**
		 * Lets a fault happen that is one of the broker, and ends it.
		 */
		void suffer(Step step);

		/**
		 * Reads all that has been delivered, what is in one place in its order.
		 */
		List<Observed> observed();

		@Override
		void close();

	}

}
