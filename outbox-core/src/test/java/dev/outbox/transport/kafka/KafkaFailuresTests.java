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

import java.util.concurrent.ExecutionException;

import dev.outbox.FailureKind;
import dev.outbox.SendFailure;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidRequiredAcksException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.LeaderNotAvailableException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class KafkaFailuresTests {

	@ParameterizedTest
	@ValueSource(classes = { TimeoutException.class, BufferExhaustedException.class, NetworkException.class,
			DisconnectException.class, SaslAuthenticationException.class, SslAuthenticationException.class,
			ClusterAuthorizationException.class, UnknownTopicOrPartitionException.class, UnknownTopicIdException.class,
			LeaderNotAvailableException.class, NotLeaderOrFollowerException.class, KafkaStorageException.class,
			NotEnoughReplicasException.class, NotEnoughReplicasAfterAppendException.class,
			ThrottlingQuotaExceededException.class, InvalidRequiredAcksException.class,
			UnsupportedVersionException.class })
	void theDestinationIsUnavailable(Class<? extends Throwable> type) throws Exception {
		assertThat(kindOf(type)).isEqualTo(FailureKind.UNAVAILABLE);
	}

	@Test
	void aTopicThatIsForbiddenOrIllegalIsUnavailable() {
		assertThat(KafkaFailures.describe(new TopicAuthorizationException("orders")).kind())
			.isEqualTo(FailureKind.UNAVAILABLE);
		assertThat(KafkaFailures.describe(new InvalidTopicException("or/ders")).kind())
			.isEqualTo(FailureKind.UNAVAILABLE);
	}

	@ParameterizedTest
	@ValueSource(classes = { InvalidRecordException.class, InvalidTimestampException.class,
			PolicyViolationException.class, RecordBatchTooLargeException.class,
			UnsupportedCompressionTypeException.class, UnsupportedForMessageFormatException.class })
	void theBrokerRefusesTheRecord(Class<? extends Throwable> type) throws Exception {
		assertThat(kindOf(type)).isEqualTo(FailureKind.REJECTED);
	}

	@ParameterizedTest
	@ValueSource(classes = { RecordTooLargeException.class, SerializationException.class })
	void theRecordCanNeverBeSent(Class<? extends Throwable> type) throws Exception {
		assertThat(kindOf(type)).isEqualTo(FailureKind.FATAL);
	}

	@ParameterizedTest
	@ValueSource(
			classes = { CorruptRecordException.class, UnknownServerException.class, OutOfOrderSequenceException.class,
					InvalidProducerEpochException.class, KafkaException.class, IllegalStateException.class })
	void everythingElseIsWorthAnotherAttempt(Class<? extends Throwable> type) throws Exception {
		assertThat(kindOf(type)).isEqualTo(FailureKind.RETRIABLE);
	}

	@Test
	void theReasonIsLookedForBelowWrappers() {
		KafkaException state = new KafkaException(
				"Cannot execute transactional method because we are in an error state",
				new ClusterAuthorizationException("Cluster authorization failed."));
		SendFailure failure = KafkaFailures.describe(new ExecutionException(state));
		assertThat(failure.kind()).isEqualTo(FailureKind.UNAVAILABLE);
		assertThat(failure.message()).isEqualTo("ClusterAuthorizationException: Cluster authorization failed");
		assertThat(failure.cause()).isInstanceOf(ClusterAuthorizationException.class);
	}

	@Test
	void aTimeoutIsOneForWhoeverSendsToo() {
		TimeoutException expired = new TimeoutException("Expiring 1 record(s) for orders-0: 25000 ms has passed");
		SendFailure failure = KafkaFailures.describe(expired);
		assertThat(failure.isTimeout()).isTrue();
		assertThat(failure.mayHaveArrived()).isTrue();
		assertThat(failure.cause()).hasCause(expired);
		assertThat(KafkaFailures.describe(new NotEnoughReplicasException("1 < 2")).isTimeout()).isFalse();
	}

	@ParameterizedTest
	@ValueSource(classes = { IllegalStateException.class, KafkaException.class, ProducerFencedException.class,
			OutOfOrderSequenceException.class, InvalidProducerEpochException.class, ClusterAuthorizationException.class,
			SaslAuthenticationException.class, UnsupportedVersionException.class })
	void anotherProducerIsNeeded(Class<? extends Throwable> type) throws Exception {
		assertThat(KafkaFailures.endsProducer(instance(type))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(classes = { TimeoutException.class, RecordTooLargeException.class, InvalidRecordException.class,
			NotLeaderOrFollowerException.class })
	void theProducerIsKept(Class<? extends Throwable> type) throws Exception {
		assertThat(KafkaFailures.endsProducer(instance(type))).isFalse();
	}

	private static FailureKind kindOf(Class<? extends Throwable> type) throws Exception {
		return KafkaFailures.describe(instance(type)).kind();
	}

	private static Throwable instance(Class<? extends Throwable> type) throws Exception {
		return type.getConstructor(String.class).newInstance("reason");
	}

}
