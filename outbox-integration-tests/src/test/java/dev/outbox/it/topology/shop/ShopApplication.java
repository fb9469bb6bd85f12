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

package dev.outbox.it.topology.shop;

import dev.outbox.OutboxPublisher;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.annotation.Transactional;

/**
 * Sells tickets.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class ShopApplication {

	@Bean
	Tickets tickets(OutboxPublisher outbox) {
		return new Tickets(outbox);
	}

	/**
	 * Publishes whatever it is given.
	 */
	public static class Tickets {

		private final OutboxPublisher outbox;

		Tickets(OutboxPublisher outbox) {
			this.outbox = outbox;
		}

		@Transactional
		public void publish(Object event) {
			this.outbox.publish(event);
		}

	}

}
