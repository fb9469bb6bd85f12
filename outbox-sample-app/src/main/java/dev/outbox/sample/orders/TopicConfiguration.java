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

package dev.outbox.sample.orders;

import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.KafkaAdmin.NewTopics;

/**
 * The topics of the shop, created at the start when they are not there.
 */
@Configuration(proxyBeanMethods = false)
@Profile("!rabbit")
class TopicConfiguration {

	/** What is longer than this many bytes is refused by the broker. */
	static final int LARGEST_NOTE = 10_000;

	@Bean
	NewTopic ordersTopic() {
		return TopicBuilder.name("orders").partitions(6).build();
	}

	@Bean
	NewTopics otherTopics() {
		return new NewTopics(TopicBuilder.name("stock").partitions(2).build(),
				TopicBuilder.name("payments").partitions(2).build(),
				TopicBuilder.name("notes")
					.partitions(2)
					.config(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(LARGEST_NOTE))
					.build());
	}

}
