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

package dev.outbox.autoconfigure.relay;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.autoconfigure.PublishedMode;
import dev.outbox.relay.Housekeeper;
import dev.outbox.store.ArchivePartition;
import dev.outbox.store.HousekeepingStore;
import dev.outbox.store.HousekeepingStore.Kept;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of the housekeeping, whether or not this instance delivers events.
 */
@AutoConfiguration(afterName = "dev.outbox.autoconfigure.relay.OutboxRelayAutoConfiguration")
@ConditionalOnOutboxEnabled
@ConditionalOnBean(HousekeepingStore.class)
@ConditionalOnBooleanProperty(name = "outbox.cleanup.enabled", matchIfMissing = true)
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxHousekeepingAutoConfiguration {

	@Bean(initMethod = "start", destroyMethod = "close")
	@ConditionalOnMissingBean
	Housekeeper outboxHousekeeper(HousekeepingStore store, OutboxProperties properties) {
		Map<Kept, Duration> retentions = new EnumMap<>(Kept.class);
		keep(retentions, Kept.IDEMPOTENCY_KEY, properties.write().idempotencyRetention());
		keep(retentions, Kept.ARCHIVED_EVENT, properties.published().retention());
		keep(retentions, Kept.DEAD_LETTER, properties.deadLetter().retention());
		keep(retentions, Kept.AUDIT_ENTRY, properties.audit().retention());
		OutboxProperties.Cleanup cleanup = properties.cleanup();
		boolean archive = properties.published().mode() == PublishedMode.ARCHIVE;
		return new Housekeeper(store, retentions, cleanup.interval(), cleanup.batchSize(), cleanup.maxRowsPerSecond(),
				archive ? properties.published().partition() : ArchivePartition.NONE);
	}

	private static void keep(Map<Kept, Duration> retentions, Kept what, @Nullable Duration retention) {
		if (retention != null) {
			retentions.put(what, retention);
		}
	}

}
