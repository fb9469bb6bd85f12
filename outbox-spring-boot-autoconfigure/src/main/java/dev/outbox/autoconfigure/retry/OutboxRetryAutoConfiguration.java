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

package dev.outbox.autoconfigure.retry;

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.retry.ExponentialRetryPolicy;
import dev.outbox.retry.RetryPolicy;
import dev.outbox.retry.RetrySettings;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the retry policy.
 */
@AutoConfiguration
@ConditionalOnOutboxEnabled
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxRetryAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(RetryPolicy.class)
	ExponentialRetryPolicy outboxRetryPolicy(OutboxProperties properties) {
		OutboxProperties.Retry retry = properties.retry();
		return new ExponentialRetryPolicy(new RetrySettings(retry.enabled(), retry.initialInterval(),
				retry.multiplier(), retry.maxInterval(), retry.jitter(), retry.maxAge(), retry.maxAttempts()));
	}

}
