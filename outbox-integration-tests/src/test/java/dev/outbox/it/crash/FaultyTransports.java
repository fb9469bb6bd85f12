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

import dev.outbox.transport.OutboxTransport;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.env.Environment;

/**
 * Lets the sends of all transports fail now and then.
 */
class FaultyTransports implements BeanPostProcessor {

	private final Environment environment;

	FaultyTransports(Environment environment) {
		this.environment = environment;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		return (bean instanceof OutboxTransport transport)
				? new FaultyTransport(transport, this.environment.getRequiredProperty("crash.failures", Double.class),
						this.environment.getRequiredProperty("crash.seed", Long.class))
				: bean;
	}

}
