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

import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * How large a crash test is.
 *
 * @param database what is killed beside the instances
 * @param broker what is killed, too
 * @param seed seed of everything that is random on purpose
 * @param length how long there are writers and faults
 * @param instances number of application instances
 * @param writers number of threads that write, in each instance
 * @param lease lease of an instance
 * @param failures share of sends that are made to fail
 */
record CrashSettings(CrashDatabase database, CrashBroker broker, long seed, Duration length, int instances, int writers,
		Duration lease, double failures) {

	/**
	 * Events that an instance has in flight at most: few, so that the number of
	 * duplicates says something.
	 */
	static final int MAX_IN_FLIGHT = 100;

	static CrashSettings of(CrashDatabase database, long seed, Duration length) {
		return of(database, CrashBroker.KAFKA, seed, length);
	}

	static CrashSettings of(CrashDatabase database, CrashBroker broker, long seed, Duration length) {
		return new CrashSettings(database, broker, seed, length, 3, 4, Duration.ofSeconds(2), 0.02);
	}

	/**
	 * Returns what can happen: what the broker can suffer, and the database.
	 */
	Set<Fault> faults() {
		Set<Fault> faults = EnumSet.copyOf(this.broker.faults());
		faults.addAll(this.database.faults());
		return faults;
	}

	Map<String, Object> properties() {
		return Map.ofEntries(Map.entry("spring.main.banner-mode", "off"), Map.entry("spring.autoconfigure.exclude",
				"org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration,"
						+ "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration,"
						+ "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration"),
				Map.entry("outbox.relay.lease", this.lease.toMillis() + "ms"),
				Map.entry("outbox.relay.sweep-interval", "2s"),
				Map.entry("outbox.relay.max-in-flight.events", MAX_IN_FLIGHT),
				Map.entry("outbox.relay.destination-pause", "200ms"),
				Map.entry("outbox.relay.max-destination-pause", "1s"), Map.entry("outbox.publish-timeout", "6s"),
				Map.entry("outbox.retry.initial-interval", "20ms"), Map.entry("outbox.retry.max-interval", "200ms"),
				Map.entry("outbox.retry.max-attempts", 3), Map.entry("outbox.shutdown-timeout", "5s"),
				Map.entry("crash.failures", this.failures), Map.entry("crash.pause", "5ms"),
				Map.entry("crash.longest", this.database.longestTransaction().toMillis() + "ms"));
	}

}
