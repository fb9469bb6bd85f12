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

package dev.outbox.it.kafka;

import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import dev.outbox.FailureKind;
import dev.outbox.OutboxException;
import dev.outbox.SendResult;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.it.transport.FailingDelivery;
import dev.outbox.test.contract.RecordedDelivery;
import dev.outbox.transport.kafka.KafkaOptions;
import dev.outbox.transport.kafka.KafkaTransport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import org.springframework.kafka.core.DefaultKafkaProducerFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class KafkaTransportTests {

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private static final Instant NOW = Instant.parse("2026-11-21T10:15:30Z");

	private static final Duration PATIENT = Duration.ofSeconds(30);

	private static final Duration IMPATIENT = Duration.ofSeconds(3);

	private final Map<String, Object> application = new HashMap<>(Map.of("bootstrap.servers", KAFKA.bootstrapServers(),
			"key.serializer", StringSerializer.class, "value.serializer", StringSerializer.class));

	private final List<Producer<?, ?>> producers = new CopyOnWriteArrayList<>();

	private final List<AutoCloseable> toClose = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable closeable : this.toClose) {
			closeable.close();
		}
	}

	@Test
	void anEventArrivesWithItsKeyPayloadAndHeaders() {
		String topic = KAFKA.uniqueTopic(1);
		Map<String, Object> headers = new LinkedHashMap<>();
		headers.put("ce_id", "42");
		headers.put("count", 5);
		headers.put("flag", true);
		headers.put("raw", "räw".getBytes(StandardCharsets.UTF_8));
		byte[] payload = { 0, 1, -1, 127, -128 };
		RecordedDelivery delivery = KafkaDeliveries.to(topic, "kä", payload,
				new KafkaOptions(null, Instant.ofEpochMilli(1234)).asMap(), headers);
		transport(PATIENT).send(List.of(delivery));
		SendResult result = delivery.await();
		assertThat(result.isAcknowledged()).isTrue();
		assertThat(result.position()).isEqualTo(topic + "-0@0");
		assertThat(result.completedAt()).isEqualTo(NOW);
		assertThat(result.eventId()).isEqualTo(delivery.record().id());
		assertThat(KAFKA.readAll(topic)).singleElement().satisfies((record) -> {
			assertThat(record.key()).isEqualTo("kä");
			assertThat(record.value()).isEqualTo(payload);
			assertThat(record.timestamp()).isEqualTo(1234);
			assertThat(record.headers()).containsExactly(Map.entry("ce_id", "42"), Map.entry("count", "5"),
					Map.entry("flag", "true"), Map.entry("raw", "räw"), Map.entry("content-type", "text/plain"));
		});
	}

	@Test
	void trap19EventsOfAKeyAreInOnePartitionAndEventsWithoutAKeyAreSpread() {
		String topic = KAFKA.uniqueTopic(3);
		KafkaTransport transport = transport(PATIENT);
		String padding = "x".repeat(2000);
		List<RecordedDelivery> keyed = new ArrayList<>();
		List<RecordedDelivery> keyless = new ArrayList<>();
		for (int n = 0; n < 1000; n++) {
			keyed.add(KafkaDeliveries.to(topic, "key-" + n % 10, n + padding));
			keyless.add(KafkaDeliveries.to(topic, null, n + padding));
		}
		transport.send(keyed);
		transport.send(keyless);
		awaitAcknowledged(keyed);
		awaitAcknowledged(keyless);
		Map<String, Set<Integer>> partitions = new HashMap<>();
		for (KafkaRecord record : KAFKA.readAll(topic)) {
			partitions.computeIfAbsent(String.valueOf(record.key()), (key) -> new HashSet<>()).add(record.partition());
		}
		assertThat(partitions.remove("null")).hasSizeGreaterThan(1);
		assertThat(partitions).hasSize(10).allSatisfy((key, used) -> assertThat(used).hasSize(1));
		assertThat(new HashSet<>(partitions.values())).hasSizeGreaterThan(1);
	}

	@Test
	void thePartitionCanBeChosen() {
		String topic = KAFKA.uniqueTopic(3);
		RecordedDelivery chosen = withOptions(topic, new KafkaOptions(2, null));
		RecordedDelivery missing = withOptions(topic, new KafkaOptions(3, null));
		RecordedDelivery next = KafkaDeliveries.to(topic, "key", "next");
		transport(PATIENT).send(List.of(chosen, missing, next));
		assertThat(chosen.await().position()).isEqualTo(topic + "-2@0");
		assertThat(missing.awaitFailure()).isEqualTo(FailureKind.REJECTED);
		assertThat(next.await().isAcknowledged()).isTrue();
	}

	@Test
	void tenThousandEventsShareOneProducerAndKeepTheirOrder() {
		String topic = KAFKA.uniqueTopic(3);
		KafkaTransport transport = transport(PATIENT);
		List<RecordedDelivery> deliveries = IntStream.range(0, 10_000)
			.mapToObj((n) -> KafkaDeliveries.to(topic, "key-" + n % 7, Integer.toString(n)))
			.toList();
		for (int from = 0; from < deliveries.size(); from += 500) {
			transport.send(deliveries.subList(from, from + 500));
		}
		awaitAcknowledged(deliveries);
		assertThat(this.producers).hasSize(1);
		Map<String, Integer> last = new HashMap<>();
		List<KafkaRecord> records = KAFKA.readAll(topic);
		assertThat(records).hasSize(10_000).allSatisfy((record) -> {
			int n = Integer.parseInt(record.text());
			assertThat(n).isGreaterThan(last.getOrDefault(record.key(), -1));
			last.put(record.key(), n);
		});
	}

	@Test
	void theLiveProducerHasTheSafeSettings() throws Exception {
		String topic = KAFKA.uniqueTopic(1);
		RecordedDelivery delivery = KafkaDeliveries.to(topic, "key", "payload");
		this.application.put("compression.type", "gzip");
		transport(PATIENT).send(List.of(delivery));
		delivery.await();
		Field field = this.producers.get(0).getClass().getDeclaredField("producerConfig");
		field.setAccessible(true);
		ProducerConfig config = (ProducerConfig) field.get(this.producers.get(0));
		Map<String, Object> settings = new HashMap<>(config.values());
		assertThat(settings).containsEntry("acks", "-1")
			.containsEntry("enable.idempotence", true)
			.containsEntry("retries", Integer.MAX_VALUE)
			.containsEntry("max.in.flight.requests.per.connection", 5)
			.containsEntry("delivery.timeout.ms", 25000)
			.containsEntry("max.block.ms", 0L)
			.containsEntry("transactional.id", null)
			.containsEntry("compression.type", "gzip");
	}

	@Test
	void aTransactionalFactoryOfTheApplicationIsNotUsedForTransactions() {
		String topic = KAFKA.uniqueTopic(1);
		this.application.put("transactional.id", "shop-");
		RecordedDelivery delivery = KafkaDeliveries.to(topic, "key", "payload");
		transport(PATIENT).send(List.of(delivery));
		assertThat(delivery.await().isAcknowledged()).isTrue();
	}

	/**
	 * Trap 7: an event that the broker cannot route counts as sent.
	 */
	@Test
	void anUnknownTopicHoldsUpNeitherTheCallerNorOtherTopics() {
		String topic = KAFKA.uniqueTopic(1);
		String missing = topic + "-missing";
		KafkaTransport transport = transport(IMPATIENT);
		untilAcknowledged(transport, topic);
		RecordedDelivery lost = KafkaDeliveries.to(missing, "key", "first");
		RecordedDelivery delivered = KafkaDeliveries.to(topic, "key", "second");
		transport.send(List.of(lost, delivered));
		assertThat(lost.isComplete()).isFalse();
		assertThat(delivered.await().isAcknowledged()).isTrue();
		assertThat(lost.isComplete()).isFalse();
		assertThat(lost.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
		assertThat(lost.await().failure().message()).contains(missing)
			.contains("UnknownTopicOrPartition")
			.endsWith(". Create the topic, or correct the destination");
		KAFKA.createTopic(missing, 1);
		untilAcknowledged(transport, missing);
		assertThat(lost.results()).hasSize(1);
	}

	@Test
	void eventsThatWaitForTheirTopicAreSentInOrderOnceItExists() {
		String topic = KAFKA.uniqueTopic(1) + "-later";
		List<RecordedDelivery> deliveries = IntStream.range(0, 100)
			.mapToObj((n) -> KafkaDeliveries.to(topic, "key", Integer.toString(n)))
			.toList();
		KafkaTransport transport = transport(Duration.ofSeconds(360));
		transport.send(deliveries.subList(0, 50));
		KAFKA.createTopic(topic, 1);
		transport.send(deliveries.subList(50, 100));
		awaitAcknowledged(deliveries);
		assertThat(KAFKA.readAll(topic)).extracting(KafkaRecord::text)
			.containsExactlyElementsOf(IntStream.range(0, 100).mapToObj(Integer::toString).toList());
	}

	@Test
	void aTopicThatTheProducerHasForgottenIsProbedAside() throws Exception {
		String topic = KAFKA.uniqueTopic(1);
		this.application.put("metadata.max.age.ms", 100);
		KafkaTransport transport = transport(IMPATIENT);
		untilAcknowledged(transport, topic);
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.bootstrapServers()))) {
			admin.deleteTopics(List.of(topic)).all().get();
		}
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> isForgotten(transport, topic));
		RecordedDelivery delivery = KafkaDeliveries.to(topic, "key", "payload");
		transport.send(List.of(delivery));
		assertThat(delivery.isComplete()).isFalse();
		assertThat(delivery.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
		KAFKA.createTopic(topic, 1);
		untilAcknowledged(transport, topic);
	}

	private boolean isForgotten(KafkaTransport transport, String topic) {
		RecordedDelivery delivery = KafkaDeliveries.to(topic, "key", "payload");
		transport.send(List.of(delivery));
		SendResult result = delivery.await();
		return !result.isAcknowledged() && result.failure().message().contains("was not ready");
	}

	@Test
	void aBrokerThatIsAwayMakesTheDestinationUnavailableUntilItIsBack() {
		String topic = KAFKA.uniqueTopic(1);
		KafkaTransport transport = transport(IMPATIENT);
		untilAcknowledged(transport, topic);
		KAFKA.stop();
		List<RecordedDelivery> deliveries = IntStream.range(0, 20)
			.mapToObj((n) -> KafkaDeliveries.to(topic, "key-" + n, "payload"))
			.toList();
		transport.send(deliveries);
		assertThat(deliveries).noneMatch(RecordedDelivery::isComplete);
		assertThat(deliveries)
			.allSatisfy((delivery) -> assertThat(delivery.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE));
		KAFKA.start();
		untilAcknowledged(transport, topic);
		assertThat(deliveries).allSatisfy((delivery) -> assertThat(delivery.results()).hasSize(1));
	}

	@Test
	void aBrokerThatIsAwayAtTheStartDoesNotPreventIt() {
		String topic = KAFKA.uniqueTopic(1);
		KAFKA.stop();
		KafkaTransport transport = transport(IMPATIENT);
		RecordedDelivery delivery = KafkaDeliveries.to(topic, "key", "payload");
		transport.send(List.of(delivery));
		assertThat(delivery.isComplete()).isFalse();
		assertThat(delivery.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
		KAFKA.start();
		untilAcknowledged(transport, topic);
	}

	@Test
	void aHostThatDoesNotExistMakesTheDestinationUnavailable() {
		this.application.put("bootstrap.servers", "no-such-host.invalid:9092");
		RecordedDelivery delivery = KafkaDeliveries.to("orders", "key", "payload");
		transport(IMPATIENT).send(List.of(delivery));
		assertThat(delivery.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
	}

	@Test
	void aRecordThatIsTooLargeForTheClientFailsAlone() {
		String topic = KAFKA.uniqueTopic(1);
		RecordedDelivery before = KafkaDeliveries.to(topic, "key", "before");
		RecordedDelivery large = KafkaDeliveries.to(topic, "key", "x".repeat(2_000_000));
		RecordedDelivery after = KafkaDeliveries.to(topic, "key", "after");
		transport(PATIENT).send(List.of(before, large, after));
		assertThat(large.awaitFailure()).isEqualTo(FailureKind.FATAL);
		awaitAcknowledged(List.of(before, after));
	}

	@Test
	void aRecordThatIsTooLargeForTheTopicFailsAlone() {
		String topic = KAFKA.uniqueTopic(1) + "-small";
		KAFKA.createTopic(topic, 1, Map.of("max.message.bytes", "1000"));
		RecordedDelivery before = KafkaDeliveries.to(topic, "key", "before");
		RecordedDelivery large = KafkaDeliveries.to(topic, "key", "x".repeat(5000));
		RecordedDelivery after = KafkaDeliveries.to(topic, "key", "after");
		transport(PATIENT).send(List.of(before, large, after));
		assertThat(large.awaitFailure()).isEqualTo(FailureKind.FATAL);
		awaitAcknowledged(List.of(before, after));
	}

	@Test
	void aRecordThatTheBrokerRefusesIsRejectedAlone() {
		String topic = KAFKA.uniqueTopic(1) + "-compacted";
		KAFKA.createTopic(topic, 1, Map.of("cleanup.policy", "compact"));
		KafkaTransport transport = transport(PATIENT);
		RecordedDelivery withoutKey = KafkaDeliveries.to(topic, null, "payload");
		transport.send(List.of(withoutKey));
		assertThat(withoutKey.awaitFailure()).isEqualTo(FailureKind.REJECTED);
		RecordedDelivery withKey = KafkaDeliveries.to(topic, "key", "payload");
		transport.send(List.of(withKey));
		awaitAcknowledged(List.of(withKey));
	}

	@Test
	void aHeaderThatKafkaCannotTakeIsFatalForItsEventOnly() {
		String topic = KAFKA.uniqueTopic(1);
		RecordedDelivery bad = KafkaDeliveries.to(topic, "key", new byte[0], Map.of(), Map.of("list", List.of("a")));
		RecordedDelivery good = KafkaDeliveries.to(topic, "key", "payload");
		transport(PATIENT).send(List.of(bad, good));
		assertThat(bad.awaitFailure()).isEqualTo(FailureKind.FATAL);
		awaitAcknowledged(List.of(good));
	}

	@Test
	void trap21AReceiverThatFailsDoesNotStopTheOthers() {
		String topic = KAFKA.uniqueTopic(1);
		KafkaTransport transport = transport(PATIENT);
		List<RecordedDelivery> deliveries = List.of(KafkaDeliveries.to(topic, "key", "1"),
				KafkaDeliveries.to(topic, "key", "2"));
		transport.send(List.of(new FailingDelivery(deliveries.get(0).record()), deliveries.get(0)));
		transport.send(List.of(new FailingDelivery(KafkaDeliveries.to(topic, "key", "x".repeat(2_000_000)).record()),
				deliveries.get(1)));
		awaitAcknowledged(deliveries);
	}

	@Test
	void aProducerThatCannotSendAnyMoreIsReplaced() {
		String topic = KAFKA.uniqueTopic(1);
		KafkaTransport transport = transport(IMPATIENT);
		untilAcknowledged(transport, topic);
		this.producers.get(0).close();
		RecordedDelivery victim = KafkaDeliveries.to(topic, "key", "victim");
		transport.send(List.of(victim));
		assertThat(victim.awaitFailure()).isEqualTo(FailureKind.RETRIABLE);
		untilAcknowledged(transport, topic);
		assertThat(this.producers).hasSize(2);
	}

	@Test
	void closingCompletesWhatIsOpenOnceAndRefusesMore() {
		String topic = KAFKA.uniqueTopic(1);
		KafkaTransport transport = transport(PATIENT);
		untilAcknowledged(transport, topic);
		KAFKA.stop();
		RecordedDelivery sent = KafkaDeliveries.to(topic, "key", "sent");
		RecordedDelivery waiting = KafkaDeliveries.to(topic + "-missing", "key", "waiting");
		transport.send(List.of(sent, waiting));
		transport.close();
		transport.close();
		assertThat(List.of(sent, waiting)).allSatisfy((delivery) -> {
			assertThat(delivery.results()).hasSize(1);
			assertThat(delivery.results().get(0).isAcknowledged()).isFalse();
		});
		assertThat(waiting.awaitFailure()).isEqualTo(FailureKind.UNAVAILABLE);
		RecordedDelivery late = KafkaDeliveries.to(topic, "key", "late");
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> transport.send(List.of(late)))
			.withMessageContaining("closed");
		assertThat(late.isComplete()).isFalse();
	}

	@Test
	void closingLeavesTheApplicationsProducersAlone() throws Exception {
		String topic = KAFKA.uniqueTopic(1);
		DefaultKafkaProducerFactory<String, String> factory = new DefaultKafkaProducerFactory<>(this.application);
		this.toClose.add(factory::destroy);
		try (Producer<String, String> theirs = factory.createProducer()) {
			KafkaTransport transport = new KafkaTransport(factory, PATIENT, 1 << 20, Clock.systemUTC());
			untilAcknowledged(transport, topic);
			transport.close();
			theirs.send(new org.apache.kafka.clients.producer.ProducerRecord<>(topic, "key", "theirs")).get();
		}
		assertThat(KAFKA.readAll(topic)).extracting(KafkaRecord::text).contains("theirs");
	}

	@Test
	void noLogLineContainsThePayloadOrTheKeyOfAnEventThatFails() {
		String topic = KAFKA.uniqueTopic(1) + "-small";
		KAFKA.createTopic(topic, 1, Map.of("max.message.bytes", "1000"));
		Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
		Level level = root.getLevel();
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.list = new CopyOnWriteArrayList<>();
		log.start();
		root.setLevel(Level.DEBUG);
		root.addAppender(log);
		try {
			RecordedDelivery refused = KafkaDeliveries.to(topic, "zebra-key", "zebra-payload".repeat(100));
			RecordedDelivery large = KafkaDeliveries.to(topic, "zebra-key", "zebra-payload".repeat(100_000));
			RecordedDelivery missing = KafkaDeliveries.to(topic + "-missing", "zebra-key", "zebra-payload");
			transport(IMPATIENT).send(List.of(refused, large, missing));
			List.of(refused, large, missing).forEach((delivery) -> assertThat(delivery.awaitFailure()).isNotNull());
		}
		finally {
			root.detachAppender(log);
			root.setLevel(level);
		}
		assertThat(log.list).extracting(KafkaTransportTests::text)
			.isNotEmpty()
			.noneMatch((line) -> line.contains("zebra"));
	}

	private static String text(ILoggingEvent event) {
		return event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy());
	}

	private KafkaTransport transport(Duration publishTimeout) {
		DefaultKafkaProducerFactory<String, String> factory = new DefaultKafkaProducerFactory<>(this.application);
		factory.addPostProcessor((producer) -> {
			this.producers.add(producer);
			return producer;
		});
		KafkaTransport transport = new KafkaTransport(factory, publishTimeout, 64 << 20,
				Clock.fixed(NOW, ZoneOffset.UTC));
		this.toClose.add(transport);
		return transport;
	}

	private static RecordedDelivery withOptions(String topic, KafkaOptions options) {
		return KafkaDeliveries.to(topic, "key", new byte[] { 1 }, options.asMap(), Map.of());
	}

	private static void awaitAcknowledged(List<RecordedDelivery> deliveries) {
		assertThat(deliveries).allSatisfy((delivery) -> assertThat(delivery.await().failure()).isNull());
	}

	private static void untilAcknowledged(KafkaTransport transport, String topic) {
		Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
			RecordedDelivery delivery = KafkaDeliveries.to(topic, "key", "until acknowledged");
			transport.send(List.of(delivery));
			return delivery.await().isAcknowledged();
		});
	}

}
