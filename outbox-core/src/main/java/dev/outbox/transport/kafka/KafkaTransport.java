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

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

import dev.outbox.FailureKind;
import dev.outbox.NoBrokersException;
import dev.outbox.SendFailure;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OpenSends;
import dev.outbox.transport.OutboxTransport;
import dev.outbox.transport.TransportOption;

import org.springframework.kafka.core.ProducerFactory;

/**
 * Sends events to Kafka topics through an idempotent producer that waits for all replicas
 * in sync.
 * <p>
 * The producer is the transport's own: it has the connection, security, compression and
 * size settings of the application's producer, but not its serializers, transactions,
 * listeners for single records and time limits. It is made with the first event and
 * replaced when it cannot send any more.
 * <p>
 * The event's key is the record's key, so that events of one key are in one partition;
 * events without a key are spread. The payload arrives byte by byte. Headers arrive as
 * UTF-8 text, byte arrays unchanged, and the payload's type as {@code content-type}. What
 * else can be asked for is in {@link KafkaOptions}.
 * <p>
 * An event counts as delivered when the partition's leader says that enough replicas have
 * it ({@code min.insync.replicas}). {@link #send} never waits: for a topic that is not
 * known to the producer (any more) a thread of the transport asks the broker, at most 5
 * seconds, meanwhile its events wait; other topics are not held up. After that and at
 * most 25 seconds of delivery each event has its result.
 * <p>
 * Failures: timeouts, network, authentication, authorisation, unknown topics and missing
 * replicas are {@link FailureKind#UNAVAILABLE}; records that the broker refuses for what
 * they are, {@link FailureKind#REJECTED}; too large ones, {@link FailureKind#FATAL}; all
 * others {@link FailureKind#RETRIABLE}.
 */
public final class KafkaTransport implements OutboxTransport {

	/**
	 * The transport's name.
	 */
	public static final String NAME = "kafka";

	private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

	private final RelayProducer producers;

	private final OpenSends sends;

	private final Dispatcher dispatcher;

	/**
	 * Creates a transport. Does not connect yet.
	 * @param producerFactory the application's producer factory, which is not used itself
	 * @param publishTimeout how long a send may take in all; time limits are shortened if
	 * it is less than 30 seconds
	 * @param windowBytes how many bytes of events are being sent at most
	 * @param clock tells when a result arrived
	 * @throws NoBrokersException if the settings have no {@code bootstrap.servers}
	 * @throws UnsafeProducerSettingException if the application's producer has settings
	 * with which Kafka may lose or reorder acknowledged events
	 */
	public KafkaTransport(ProducerFactory<?, ?> producerFactory, Duration publishTimeout, long windowBytes,
			Clock clock) {
		this.producers = new RelayProducer(producerFactory,
				RelayProducerConfig.derive(producerFactory.getConfigurationProperties(), publishTimeout, windowBytes));
		this.sends = new OpenSends(clock);
		Duration share = publishTimeout.dividedBy(6);
		this.dispatcher = new Dispatcher(this.producers, this.sends,
				(share.compareTo(LONGEST_WAIT) < 0) ? share : LONGEST_WAIT);
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public Collection<TransportOption<?>> options() {
		return KafkaOptions.ALL;
	}

	@Override
	public void send(List<? extends Delivery> batch) {
		this.dispatcher.dispatch(batch);
	}

	/**
	 * Closes the transport's producer, which gets two seconds to finish what it is
	 * sending. The application's producers are not affected.
	 */
	@Override
	public void close() {
		this.dispatcher.close();
		this.producers.close();
		this.sends.failAll(new SendFailure(FailureKind.UNAVAILABLE,
				"The Kafka transport was closed before the outcome was known", null));
	}

}
