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

package dev.outbox.autoconfigure;

import java.time.Duration;
import java.util.Map;

import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import dev.outbox.relay.Ordering;
import dev.outbox.transport.TopologyMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OutboxPropertiesTests {

	@Test
	void defaultsNeedNoTuning() {
		OutboxProperties properties = bind(Map.of());
		assertThat(properties.enabled()).isTrue();
		assertThat(properties.transport()).isNull();
		assertThat(properties.source()).isNull();
		assertThat(properties.publishTimeout()).isEqualTo(Duration.ofSeconds(30));
		assertThat(properties.shutdownTimeout()).isEqualTo(Duration.ofSeconds(20));
		assertThat(properties.routes()).isEmpty();
		assertThat(properties.topics()).isEqualTo(new OutboxProperties.Topics(Map.of(), null, null));
		assertThat(properties.topology().mode()).isEqualTo(TopologyMode.VALIDATE);
		assertThat(properties.topology().packages()).isEmpty();
		assertThat(properties.write().requireTransaction()).isTrue();
		assertThat(properties.write().maxPayloadSize()).isEqualTo(DataSize.ofMegabytes(1));
		assertThat(properties.schema().mode()).isEqualTo(SchemaMode.AUTO);
		assertThat(properties.store().type()).isEqualTo(StoreType.AUTO);
		assertThat(properties.store().database()).isEqualTo(DatabaseType.AUTO);
		assertThat(properties.store().tablePrefix()).isEqualTo("outbox_");
		assertThat(properties.store().schema()).isNull();
	}

	@Test
	void defaultsOfTheRelayNeedNoTuning() {
		OutboxProperties.Relay relay = bind(Map.of()).relay();
		assertThat(relay.enabled()).isTrue();
		assertThat(relay.autoStartup()).isTrue();
		assertThat(relay.pollInterval()).isEqualTo(Duration.ofSeconds(1));
		assertThat(relay.batchSize()).isEqualTo(1000);
		assertThat(relay.partitions()).isEqualTo(64);
		assertThat(relay.lease()).isEqualTo(Duration.ofSeconds(10));
		assertThat(relay.ordering()).isEqualTo(Ordering.STRICT);
		assertThat(relay.onDeadLetter()).isEqualTo(OnDeadLetter.CONTINUE);
		assertThat(relay.maxInFlight().events()).isEqualTo(10_000);
		assertThat(relay.maxInFlight().bytes()).isEqualTo(DataSize.ofMegabytes(64));
		assertThat(relay.datasource().ownPool()).isTrue();
		assertThat(relay.datasource().maximumPoolSize()).isEqualTo(3);
		assertThat(relay.datasource().listen()).isTrue();
	}

	@Test
	void defaultsOfRetriesNeedNoTuning() {
		OutboxProperties.Retry retry = bind(Map.of()).retry();
		assertThat(retry.enabled()).isTrue();
		assertThat(retry.initialInterval()).isEqualTo(Duration.ofMillis(500));
		assertThat(retry.multiplier()).isEqualTo(2);
		assertThat(retry.maxInterval()).isEqualTo(Duration.ofMinutes(5));
		assertThat(retry.jitter()).isEqualTo(0.2);
		assertThat(retry.maxAge()).isEqualTo(Duration.ofHours(24));
		assertThat(retry.maxAttempts()).isEqualTo(10);
	}

	@Test
	void whatIsNotSetKeepsItsDefault() {
		OutboxProperties properties = bind(
				Map.of("outbox.relay.batch-size", "7", "outbox.relay.max-in-flight.events", "8"));
		assertThat(properties.relay().batchSize()).isEqualTo(7);
		assertThat(properties.relay().partitions()).isEqualTo(64);
		assertThat(properties.relay().maxInFlight().events()).isEqualTo(8);
		assertThat(properties.relay().maxInFlight().bytes()).isEqualTo(DataSize.ofMegabytes(64));
	}

	@Test
	void namesAreRelaxed() {
		assertThat(bind(Map.of("outbox.retry.max_attempts", "3")).retry().maxAttempts()).isEqualTo(3);
		assertThat(bind(Map.of("outbox.retry.maxAttempts", "4")).retry().maxAttempts()).isEqualTo(4);
	}

	@Test
	void aTypeWithDotsIsWrittenInBrackets() {
		OutboxProperties properties = bind(Map.of("outbox.routes.[order.placed].destination", "orders",
				"outbox.routes.[order.placed].ordering", "pipelined", "outbox.routes.audit.transport", "rabbit"));
		assertThat(properties.routes()).containsOnlyKeys("order.placed", "audit");
		assertThat(properties.routes().get("order.placed").destination()).isEqualTo("orders");
		assertThat(properties.routes().get("order.placed").ordering()).isEqualTo(Ordering.PIPELINED);
		assertThat(properties.routes().get("audit").transport()).isEqualTo("rabbit");
	}

	@Test
	void thePasswordOfTheRelayIsNotPrinted() {
		assertThat(bind(Map.of("outbox.relay.datasource.password", "s3cret")).toString()).doesNotContain("s3cret");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			outbox.relay.poll-interval                  | 0s        | be longer than 0
			outbox.relay.poll-interval                  | -1s       | be longer than 0
			outbox.relay.batch-size                     | 0         | be between 1 and 100000
			outbox.relay.partitions                     | 1025      | be between 1 and 1024
			outbox.relay.lease                          | 500ms     | be at least 1s
			outbox.relay.sweep-interval                 | 0s        | be longer than 0
			outbox.relay.destination-pause              | 0s        | be longer than 0
			outbox.relay.max-destination-pause          | 100ms     | be at least 500ms
			outbox.relay.max-in-flight.events           | 0         | be between 1 and 10000000
			outbox.relay.max-in-flight.bytes            | 0B        | be larger than 0
			outbox.relay.datasource.maximum-pool-size   | 1         | be between 2 and 100
			outbox.publish-timeout                      | 0s        | be longer than 0
			outbox.shutdown-timeout                     | -5s       | be longer than 0
			outbox.transport                            | ' '       | not be blank
			outbox.source                               | ' '       | not be blank
			outbox.write.max-payload-size               | 0B        | be larger than 0
			outbox.retry.initial-interval               | 0s        | be longer than 0
			outbox.retry.multiplier                     | 0.5       | be between 1.0 and 100.0
			outbox.retry.max-interval                   | 100ms     | be at least 500ms
			outbox.retry.jitter                         | 1         | be between 0.0 and 0.99
			outbox.retry.max-age                        | 0s        | be longer than 0
			outbox.retry.max-attempts                   | 0         | be between 1 and 2147483647
			outbox.store.table-prefix                   | 'x; drop' | start with a letter or underscore
			outbox.store.table-prefix                   | Ömer_     | start with a letter or underscore
			outbox.store.schema                         | 'a.b'     | start with a letter or underscore
			outbox.metrics.interval                     | 1ms       | be at least 100ms
			outbox.cleanup.max-rows-per-second          | 0         | be between 1 and 1000000
			outbox.routes.[order.placed].destination    | ' '       | not be blank
			outbox.topics.names.[order]                 | ' '       | not be blank
			outbox.topics.prefix                        | ' '       | not be blank
			outbox.topics.fallback                      | ' '       | not be blank
			""")
	void refusesWhatItCannotWorkWith(String property, String value, String requirement) {
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> bind(Map.of(property, value)))
			.havingRootCause()
			.isInstanceOfSatisfying(InvalidOutboxPropertyException.class, (ex) -> {
				assertThat(ex.getProperty()).isEqualTo(property);
				assertThat(ex.getRequirement()).contains(requirement);
				assertThat(ex).hasMessageContaining(property).hasMessageContaining(requirement);
			});
	}

	private static OutboxProperties bind(Map<String, String> values) {
		return new Binder(new MapConfigurationPropertySource(values)).bindOrCreate("outbox", OutboxProperties.class);
	}

}
