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

package dev.outbox.it.send;

import java.io.File;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.outbox.BatchResult;
import dev.outbox.FailureKind;
import dev.outbox.NoBrokersException;
import dev.outbox.SendFailedException;
import dev.outbox.SendResult;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.fixtures.net.FaultProxy;
import dev.outbox.fixtures.net.FreePort;
import dev.outbox.fixtures.process.ForkedJvm;
import dev.outbox.publish.TransportMessageSender;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.kafka.KafkaTransport;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.kafka.core.DefaultKafkaProducerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Sending to Kafka without the outbox.
 */
class KafkaMessageSenderTests extends MessageSenderContract {

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	/**
	 * What a program has no use for that only sends.
	 */
	private static final Pattern SUPERFLUOUS = Pattern
		.compile("spring-(boot|jdbc|orm|data|web)|hibernate|jakarta\\.persistence|HikariCP|postgresql|h2-|flyway");

	@Override
	OutboxTransport transport(Duration publishTimeout) {
		return transport(KAFKA.bootstrapServers(), publishTimeout);
	}

	@Override
	OutboxTransport transportToAHangingBroker(Duration publishTimeout) {
		String servers = KAFKA.bootstrapServers();
		FaultProxy proxy = closing(FaultProxy.to(Integer.parseInt(servers.substring(servers.indexOf(':') + 1))));
		proxy.blackhole();
		return transport("127.0.0.1:" + proxy.port(), publishTimeout);
	}

	@Override
	OutboxTransport transportToNoBroker(Duration publishTimeout) {
		return transport("127.0.0.1:" + FreePort.pick(), publishTimeout);
	}

	@Override
	String destination() {
		return KAFKA.uniqueTopic(3);
	}

	@Override
	String missingDestination() {
		return KAFKA.uniqueTopic(1) + "-missing";
	}

	@Override
	List<Received> received(String destination) {
		return KAFKA.readAll(destination)
			.stream()
			.map((record) -> new Received(record.key(), record.text(), record.headers()))
			.toList();
	}

	@Test
	void theResultHasPartitionAndOffset() {
		String topic = destination();
		TransportMessageSender sender = sender(PATIENT);
		List<String> positions = Stream.of("1", "2")
			.map((text) -> sender.sendAndWait(message(topic, text)).position())
			.toList();
		List<KafkaRecord> records = KAFKA.readAll(topic);
		int partition = records.get(0).partition();
		assertThat(positions).containsExactly(topic + "-" + partition + "@0", topic + "-" + partition + "@1");
		assertThat(records).extracting(KafkaRecord::key).containsOnly("o-1");
	}

	@Test
	void aMessageThatIsTooLargeForItsTopicFailsAlone() {
		String topic = KAFKA.uniqueTopic(1) + "-small";
		KAFKA.createTopic(topic, 1, Map.of("max.message.bytes", "1000"));
		BatchResult result = sender(PATIENT)
			.sendAll(List.of(message(topic, "before"), message(topic, "x".repeat(5000)), message(topic, "after")))
			.join();
		assertThat(result.results()).extracting(SendResult::isAcknowledged).containsExactly(true, false, true);
		assertThatExceptionOfType(SendFailedException.class).isThrownBy(() -> result.failures().get(0).orThrow())
			.withMessageContaining("RecordTooLarge")
			.withMessageContaining("It has not been sent")
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(FailureKind.FATAL));
		assertThat(received(topic)).extracting(Received::text).containsExactly("before", "after");
	}

	@Test
	void aClientThatCannotBeCreatedMakesTheDestinationUnavailable() {
		KafkaTransport transport = closing(new KafkaTransport(
				new DefaultKafkaProducerFactory<>(
						Map.of("bootstrap.servers", KAFKA.bootstrapServers(), "compression.type", "origami")),
				IMPATIENT, 1 << 20, Clock.systemUTC()));
		TransportMessageSender sender = closing(TransportMessageSender.builder(transport).build());
		assertThatExceptionOfType(SendFailedException.class)
			.isThrownBy(() -> sender.sendAndWait(message("orders", "1")))
			.withMessageContaining("compression.type")
			.withStackTraceContaining(ConfigException.class.getName())
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(FailureKind.UNAVAILABLE));
	}

	@Test
	void aTransportThatHasBeenClosedTakesNothing() {
		OutboxTransport transport = transport(PATIENT);
		TransportMessageSender sender = closing(TransportMessageSender.builder(transport).build());
		transport.close();
		assertThatExceptionOfType(SendFailedException.class)
			.isThrownBy(() -> sender.sendAndWait(message("orders", "1")))
			.withMessageContaining("The Kafka transport is closed")
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(FailureKind.UNAVAILABLE));
	}

	@Test
	void aTransportThatKnowsNoBrokerIsNotCreated() {
		assertThatExceptionOfType(NoBrokersException.class).isThrownBy(() -> transport("", PATIENT))
			.withMessageContaining("bootstrap.servers");
	}

	/**
	 * Neither an application context nor anything that speaks to a database.
	 */
	@Test
	void aProgramSendsWithoutSpringBootAndWithoutADatabase() throws Exception {
		String topic = destination();
		String classPath = Stream
			.of(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
				.split(File.pathSeparator))
			.filter((entry) -> !SUPERFLUOUS.matcher(new File(entry).getName()).lookingAt())
			.collect(Collectors.joining(File.pathSeparator));
		try (ForkedJvm program = ForkedJvm.of(SendingProgram.class)
			.classPath(classPath)
			.arguments(KAFKA.bootstrapServers(), topic)
			.start()) {
			assertThat(program.awaitExit()).isZero();
		}
		assertThat(received(topic)).singleElement().satisfies((received) -> {
			assertThat(received.key()).isEqualTo("o-1");
			assertThat(received.text()).isEqualTo("{\"orderId\":\"o-1\",\"total\":7}");
			assertThat(received.headers()).containsEntry("ce_type", "order.placed").containsEntry("ce_source", "shop");
		});
	}

	private KafkaTransport transport(String bootstrapServers, Duration publishTimeout) {
		return new KafkaTransport(new DefaultKafkaProducerFactory<>(Map.of("bootstrap.servers", bootstrapServers)),
				publishTimeout, 64 << 20, Clock.systemUTC());
	}

}
