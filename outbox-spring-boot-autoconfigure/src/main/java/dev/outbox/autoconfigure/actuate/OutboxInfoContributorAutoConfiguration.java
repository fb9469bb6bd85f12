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

import dev.outbox.actuate.OutboxInfoContributor;
import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.store.EventStore;
import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.transport.OutboxTransport;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.info.ConditionalOnEnabledInfoContributor;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of what {@code /actuator/info} shows of the outbox.
 */
@AutoConfiguration(afterName = { "dev.outbox.autoconfigure.store.jdbc.OutboxJdbcStoreAutoConfiguration",
		"dev.outbox.autoconfigure.store.jpa.OutboxJpaStoreAutoConfiguration",
		"dev.outbox.autoconfigure.store.mongo.OutboxMongoStoreAutoConfiguration" })
@ConditionalOnOutboxEnabled
@ConditionalOnClass({ InfoContributor.class, ConditionalOnEnabledInfoContributor.class })
@ConditionalOnBean(EventStore.class)
@ConditionalOnEnabledInfoContributor("outbox")
public final class OutboxInfoContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = "outboxInfoContributor", search = SearchStrategy.CURRENT)
	OutboxInfoContributor outboxInfoContributor(ObjectProvider<EventStore> store, ObjectProvider<JdbcDialect> dialect,
			ObjectProvider<OutboxTransport> transports, ObjectProvider<OutboxRelay> relay) {
		return new OutboxInfoContributor(new InstanceInfo(store, dialect, transports, relay)::details);
	}

}
