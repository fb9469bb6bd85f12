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

package dev.outbox.autoconfigure.observation;

import java.time.Clock;

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.listener.TraceContext;
import dev.outbox.observation.ObservationTraceContext;
import dev.outbox.observation.SendObservationConvention;
import dev.outbox.observation.SendObservationDecorator;
import dev.outbox.observation.StoreObservationConvention;
import dev.outbox.relay.FailureText;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.tracing.propagation.Propagator;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of the trace that is stored with each event, and that the relay
 * continues where a tracer can write it.
 */
@AutoConfiguration(
		afterName = { "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration",
				"org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration" })
@ConditionalOnOutboxEnabled
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ObservationRegistry.class)
@ConditionalOnBooleanProperty(name = "outbox.headers.trace", matchIfMissing = true)
public final class OutboxTraceAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(TraceContext.class)
	ObservationTraceContext outboxTraceContext(ObservationRegistry registry,
			ObjectProvider<StoreObservationConvention> convention) {
		return new ObservationTraceContext(registry, convention.getIfAvailable());
	}

	/**
	 * What the relay needs, and only with a tracer.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Propagator.class)
	@ConditionalOnBean(Propagator.class)
	@ConditionalOnBooleanProperty(name = "outbox.relay.observation", matchIfMissing = true)
	static class RelayConfiguration {

		@Bean
		@ConditionalOnMissingBean
		SendObservationDecorator outboxSendObservationDecorator(ObservationRegistry registry, Propagator propagator,
				ObjectProvider<SendObservationConvention> convention) {
			return new SendObservationDecorator(registry, propagator, convention.getIfAvailable(), Clock.systemUTC(),
					FailureText::error);
		}

	}

}
