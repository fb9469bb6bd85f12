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

package dev.outbox.autoconfigure.publish;

import dev.outbox.payload.JacksonPayloadSerializer;
import dev.outbox.payload.PayloadSerializer;
import dev.outbox.payload.RawPayloadSerializer;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * How payloads become bytes.
 */
@Configuration(proxyBeanMethods = false)
@Import({ PayloadConfigurations.Json.class, PayloadConfigurations.Raw.class })
class PayloadConfigurations {

	/**
	 * Writes JSON as the application does, with a copy of its mapper.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JsonMapper.class)
	static class Json {

		@Bean
		@ConditionalOnMissingBean(PayloadSerializer.class)
		RawPayloadSerializer outboxPayloadSerializer(ObjectProvider<JsonMapper> mapper) {
			return new RawPayloadSerializer(
					new JacksonPayloadSerializer(mapper.getIfUnique(() -> JsonMapper.builder().build())));
		}

	}

	/**
	 * Without Jackson 3 there are strings and bytes only.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("tools.jackson.databind.json.JsonMapper")
	static class Raw {

		@Bean
		@ConditionalOnMissingBean(PayloadSerializer.class)
		RawPayloadSerializer outboxPayloadSerializer() {
			return new RawPayloadSerializer(null);
		}

	}

}
