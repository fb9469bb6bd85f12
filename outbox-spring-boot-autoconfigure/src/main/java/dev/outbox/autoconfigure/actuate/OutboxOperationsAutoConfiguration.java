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

import java.time.Clock;
import java.time.Duration;
import java.util.List;

import dev.outbox.actuate.OperatedOutbox;
import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.deadletter.BulkChanges;
import dev.outbox.deadletter.DeadLetters;
import dev.outbox.doctor.Doctor;
import dev.outbox.relay.FailureText;
import dev.outbox.relay.BacklogMonitor;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.store.AuditStore;
import dev.outbox.store.ClusterStore;
import dev.outbox.store.HoldStore;
import dev.outbox.transport.OutboxTransport;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of what the endpoints show and change of one outbox.
 */
@AutoConfiguration(afterName = { "dev.outbox.autoconfigure.deadletter.OutboxDeadLetterAutoConfiguration",
		"dev.outbox.autoconfigure.relay.OutboxMonitorAutoConfiguration" })
@ConditionalOnOutboxEnabled
@ConditionalOnClass(Endpoint.class)
@ConditionalOnBean({ DeadLetters.class, BulkChanges.class, HoldStore.class, AuditStore.class, ClusterStore.class })
public final class OutboxOperationsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	OperatedOutbox outboxOperations(DeadLetters letters, BulkChanges bulk, HoldStore holds, AuditStore audit,
			ClusterStore cluster, InstanceReport report, ObjectProvider<Doctor> doctor) {
		return new OperatedOutbox(letters, bulk, holds, audit, cluster, report::report, doctor
			.getIfAvailable(() -> new Doctor(List.of(), Duration.ZERO, Clock.systemUTC(), FailureText::error)));
	}

	@Bean
	InstanceReport outboxInstanceReport(OutboxProperties properties, ObjectProvider<OutboxRelay> relay,
			ObjectProvider<BacklogMonitor> monitor, ObjectProvider<OutboxTransport> transports,
			Environment environment) {
		return new InstanceReport(new PublicSettings(properties, environment), relay, monitor, transports);
	}

}
