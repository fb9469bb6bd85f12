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

package dev.outbox.it.instances;

import dev.outbox.OutboxPublishers;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.annotation.Transactional;

/**
 * An application whose tenants have an outbox each, in schemas of one database.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Tenants {

	@Bean
	Services services(OutboxPublishers publishers, ApplicationEventPublisher events) {
		return new Services(publishers, events);
	}

	/**
	 * Publishes for tenants.
	 */
	static class Services {

		private final OutboxPublishers publishers;

		private final ApplicationEventPublisher events;

		Services(OutboxPublishers publishers, ApplicationEventPublisher events) {
			this.publishers = publishers;
			this.events = events;
		}

		@Transactional
		void order(String tenant, String id, boolean fail) {
			this.publishers.get(tenant).publish(new Placed(id));
			if (fail) {
				throw new IllegalStateException("after publishing");
			}
		}

		@Transactional
		void orderByApplicationEvent(String id) {
			this.events.publishEvent(new Placed(id));
		}

	}

}
