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

package dev.outbox.autoconfigure.doctor;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.outbox.autoconfigure.ConditionalOnOutboxEnabled;
import dev.outbox.autoconfigure.DoctorProperties;
import dev.outbox.autoconfigure.OutboxInstanceNames;
import dev.outbox.autoconfigure.OutboxProperties;
import dev.outbox.autoconfigure.StoreExaminations;
import dev.outbox.autoconfigure.StoreSummary;
import dev.outbox.doctor.Doctor;
import dev.outbox.doctor.Examination;
import dev.outbox.doctor.ExaminationSettings;
import dev.outbox.payload.EventTypes;
import dev.outbox.publish.EventTypeExamination;
import dev.outbox.relay.BacklogMonitor;
import dev.outbox.relay.FailureText;
import dev.outbox.relay.OutboxRelay;
import dev.outbox.relay.RelayExaminations;
import dev.outbox.relay.RelaySettings;
import dev.outbox.store.ClusterStore;
import dev.outbox.store.DeadLetterStore;
import dev.outbox.topology.DestinationExamination;
import dev.outbox.topology.Topology;
import dev.outbox.transport.DestinationInspector;
import dev.outbox.transport.OutboxTransport;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration of the doctor. Examinations of the application are beans.
 */
@AutoConfiguration(
		afterName = { "dev.outbox.autoconfigure.deadletter.OutboxDeadLetterAutoConfiguration",
				"dev.outbox.autoconfigure.publish.OutboxPublishAutoConfiguration",
				"dev.outbox.autoconfigure.relay.OutboxRelayAutoConfiguration",
				"dev.outbox.autoconfigure.topology.OutboxTopologyAutoConfiguration" },
		beforeName = "dev.outbox.autoconfigure.actuate.OutboxOperationsAutoConfiguration")
@ConditionalOnOutboxEnabled
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxDoctorAutoConfiguration {

	private static final Duration DELAY = Duration.ofSeconds(5);

	@Bean
	@ConditionalOnMissingBean
	ExaminationSettings outboxExaminationSettings(OutboxProperties properties) {
		DoctorProperties doctor = properties.doctor();
		return new ExaminationSettings(Clock.systemUTC(), doctor.maxClockSkew(), doctor.maxTransactionAge(),
				doctor.maxReplicaLag());
	}

	@Bean
	@ConditionalOnMissingBean
	Doctor outboxDoctor(ExaminationSettings settings, ObjectProvider<StoreExaminations> store,
			ObjectProvider<Examination> others, OutboxProperties properties) {
		List<Examination> all = new ArrayList<>();
		store.ifAvailable((examinations) -> all.addAll(examinations.with(settings)));
		others.orderedStream().forEach(all::add);
		return new Doctor(all, properties.doctor().timeout(), settings.clock(), FailureText::error);
	}

	@Bean
	SettingsExamination outboxSettingsExamination(OutboxProperties properties, Environment environment) {
		return new SettingsExamination(properties, environment);
	}

	@Bean
	@ConditionalOnBean(OutboxRelay.class)
	Examination outboxLeaseExamination(OutboxProperties properties) {
		return RelayExaminations.lease(properties.relay().lease(), properties.publishTimeout());
	}

	@Bean
	@ConditionalOnBean(OutboxRelay.class)
	Examination outboxReachabilityExamination(OutboxRelay relay) {
		return RelayExaminations.destinations(relay);
	}

	/**
	 * An instance that only publishes may not read who is there.
	 */
	@Bean
	@ConditionalOnBean({ ClusterStore.class, OutboxRelay.class })
	Examination outboxTransportExamination(UsedDestinations used, ClusterStore cluster,
			ObjectProvider<OutboxTransport> transports) {
		return RelayExaminations.transports(used::backlog, cluster,
				transports.orderedStream().map(OutboxTransport::name).toList());
	}

	@Bean
	@ConditionalOnBean(DestinationInspector.class)
	DestinationExamination outboxDestinationExamination(ObjectProvider<DestinationInspector> inspectors,
			UsedDestinations used) {
		return new DestinationExamination(inspectors.orderedStream().toList(), used::waiting, used::all);
	}

	@Bean
	UsedDestinations outboxUsedDestinations(OutboxProperties properties, ObjectProvider<BacklogMonitor> backlog,
			ObjectProvider<OutboxRelay> relay, ObjectProvider<OutboxTransport> transports) {
		return new UsedDestinations(properties, backlog, relay, transports);
	}

	@Bean
	@ConditionalOnBean(Topology.class)
	Examination outboxDeclarationExamination(Topology topology) {
		return topology.examination();
	}

	@Bean
	@ConditionalOnBean({ DeadLetterStore.class, EventTypes.class, OutboxRelay.class })
	EventTypeExamination outboxEventTypeExamination(EventTypes types, DeadLetterStore letters,
			OutboxProperties properties, ApplicationContext context) {
		return new EventTypeExamination(types, new EventClasses(properties.topology(), context)::types,
				properties.routes().keySet(), letters);
	}

	@Bean
	StartupReport outboxStartupReport(Doctor doctor, OutboxProperties properties, Environment environment,
			ObjectProvider<StoreSummary> store, ObjectProvider<OutboxTransport> transports,
			ObjectProvider<RelaySettings> relay) {
		String name = environment.getProperty(OutboxInstanceNames.CURRENT);
		return new StartupReport(doctor, name(name), () -> summary(store, transports, relay),
				properties.doctor().startupReport(), DELAY);
	}

	private static String summary(ObjectProvider<StoreSummary> store, ObjectProvider<OutboxTransport> transports,
			ObjectProvider<RelaySettings> relay) {
		List<String> parts = new ArrayList<>();
		store.ifUnique((summary) -> parts.add(summary.text()));
		parts.add("transports " + transports.orderedStream().map(OutboxTransport::name).toList());
		RelaySettings settings = relay.getIfAvailable();
		parts.add((settings != null) ? "relay '%s', %d partitions, lease %d ms".formatted(settings.instance(),
				settings.partitions(), settings.lease().toMillis()) : "no relay in this instance");
		return String.join("; ", parts);
	}

	private static String name(@Nullable String instance) {
		return (instance != null) ? "outbox '" + instance + "'" : "outbox";
	}

}
