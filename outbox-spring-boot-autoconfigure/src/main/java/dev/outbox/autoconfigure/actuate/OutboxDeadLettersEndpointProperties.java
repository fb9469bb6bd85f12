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

package dev.outbox.autoconfigure.actuate;

import java.util.Set;

import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the endpoint of dead letters.
 *
 * @param showPayloads When to show payloads and headers of dead letters.
 * @param roles Roles of users to whom payloads are shown when authorized. All
 * authenticated users by default.
 */
@ConfigurationProperties("management.endpoint.outboxdeadletters")
public record OutboxDeadLettersEndpointProperties(@DefaultValue("never") Show showPayloads,
		@DefaultValue Set<String> roles) {

	public OutboxDeadLettersEndpointProperties {
		roles = Set.copyOf(roles);
	}

}
