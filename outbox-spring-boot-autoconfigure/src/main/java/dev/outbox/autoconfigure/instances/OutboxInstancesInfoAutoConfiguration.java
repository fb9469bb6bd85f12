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

package dev.outbox.autoconfigure.instances;

import java.util.Map;
import java.util.TreeMap;

import dev.outbox.actuate.OutboxInfoContributor;

import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;

/**
 * Auto-configuration of what {@code /actuator/info} shows of several outboxes.
 */
@AutoConfiguration(after = OutboxInstancesAutoConfiguration.class)
@Conditional(OnOutboxInstances.class)
@ConditionalOnClass({ InfoContributor.class, ConditionalOnEnabledInfoContributor.class })
@ConditionalOnEnabledInfoContributor("outbox")
public final class OutboxInstancesInfoAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "outboxInfoContributor")
	OutboxInfoContributor outboxInfoContributor(OutboxInstances instances) {
		return new OutboxInfoContributor(() -> {
			Map<String, Object> outboxes = new TreeMap<>();
			instances.names()
				.forEach((name) -> instances.of(name)
					.find(OutboxInfoContributor.class)
					.ifPresent((info) -> outboxes.put(name, info.details())));
			return outboxes;
		});
	}

}
