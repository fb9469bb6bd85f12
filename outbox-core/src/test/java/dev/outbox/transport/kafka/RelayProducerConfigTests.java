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

package dev.outbox.transport.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.outbox.NoBrokersException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RelayProducerConfigTests {

	private static final long WINDOW = 64L * 1024 * 1024;

	private final Map<String, Object> application = new HashMap<>(Map.of("bootstrap.servers", "broker:9092"));

	@Test
	void guaranteesAndTimeLimitsAreOurs() {
		this.application.putAll(Map.of("max.block.ms", 60000, "delivery.timeout.ms", 120000, "linger.ms", 50,
				"partitioner.ignore.keys", true, "value.serializer", StringSerializer.class));
		assertThat(derive()).containsEntry("acks", "all")
			.containsEntry("enable.idempotence", true)
			.containsEntry("partitioner.ignore.keys", false)
			.containsEntry("max.block.ms", 0)
			.containsEntry("delivery.timeout.ms", 25000)
			.containsEntry("request.timeout.ms", 10000)
			.containsEntry("linger.ms", 0)
			.containsEntry("batch.size", 131072)
			.containsEntry("value.serializer", ByteArraySerializer.class);
	}

	@Test
	void settingsWithoutABrokerAreRefused() {
		for (Object none : List.of("", " ", List.of())) {
			this.application.put("bootstrap.servers", none);
			assertThatExceptionOfType(NoBrokersException.class).isThrownBy(this::derive)
				.withMessageContaining("bootstrap.servers");
		}
		this.application.remove("bootstrap.servers");
		assertThatExceptionOfType(NoBrokersException.class).isThrownBy(this::derive);
	}

	@Test
	void connectionSecurityAndCompressionAreTheApplications() {
		this.application.put("partitioner.class", "org.apache.kafka.clients.producer.RoundRobinPartitioner");
		Map<String, Object> theirs = Map.of("bootstrap.servers", "broker:9092", "security.protocol", "SASL_SSL",
				"compression.type", "zstd", "max.request.size", 5_000_000, "interceptor.classes", "com.example.Trace",
				"acks", "-1", "max.in.flight.requests.per.connection", "3", "retries", 7);
		this.application.putAll(theirs);
		Map<String, Object> expected = new HashMap<>(theirs);
		expected.put("acks", "all");
		assertThat(derive()).containsAllEntriesOf(expected).doesNotContainKey("partitioner.class");
	}

	@Test
	void transactionsAreNotInherited() {
		this.application.putAll(Map.of("transactional.id", "tx-", "transaction.two.phase.commit.enable", true));
		assertThat(derive()).doesNotContainKeys("transactional.id", "transaction.two.phase.commit.enable");
	}

	@Test
	void theClientIdDiffersFromTheApplications() {
		assertThat(derive()).containsEntry("client.id", "outbox");
		this.application.put("client.id", "shop");
		assertThat(derive()).containsEntry("client.id", "shop-outbox");
	}

	@ParameterizedTest
	@CsvSource({ "1000, 134217728", "134217729, 134217729" })
	void theBufferHoldsTheWindowTwiceOrWhatTheApplicationHas(String theirs, long expected) {
		this.application.put("buffer.memory", theirs);
		assertThat(derive()).containsEntry("buffer.memory", expected);
	}

	@Test
	void timeLimitsAreWithinAShorterPublishTimeout() {
		Map<String, Object> config = RelayProducerConfig.derive(this.application, Duration.ofSeconds(6), WINDOW);
		assertThat(config).containsEntry("delivery.timeout.ms", 5000).containsEntry("request.timeout.ms", 5000);
	}

	@ParameterizedTest
	@CsvSource({ "acks, 0, all", "acks, 1, all", "enable.idempotence, false, true", "enable.idempotence, FALSE, true",
			"max.in.flight.requests.per.connection, 6, 5 or less", "retries, 0, 1 or more" })
	void weakerSettingsAreRefused(String property, String value, String required) {
		this.application.put(property, value);
		assertThatExceptionOfType(UnsafeProducerSettingException.class).isThrownBy(this::derive).satisfies((ex) -> {
			assertThat(ex.getProperty()).isEqualTo(property);
			assertThat(ex.getValue()).isEqualTo(value);
			assertThat(ex.getRequired()).isEqualTo(required);
			assertThat(ex).hasMessageContaining(property + "=" + value).hasMessageContaining("no event is lost");
		});
	}

	@Test
	void aNumberThatIsNoneIsRefusedByName() {
		this.application.put("retries", "many");
		assertThatIllegalArgumentException().isThrownBy(this::derive).withMessageContaining("retries=many");
	}

	private Map<String, Object> derive() {
		return RelayProducerConfig.derive(this.application, Duration.ofSeconds(30), WINDOW);
	}

}
