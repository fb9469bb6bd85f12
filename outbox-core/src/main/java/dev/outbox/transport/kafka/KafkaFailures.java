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

import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

import dev.outbox.FailureKind;
import dev.outbox.SendFailure;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.CoordinatorLoadInProgressException;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidMetadataException;
import org.apache.kafka.common.errors.InvalidPidMappingException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidRequiredAcksException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotEnoughReplicasAfterAppendException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownLeaderEpochException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedCompressionTypeException;
import org.apache.kafka.common.errors.UnsupportedForMessageFormatException;
import org.apache.kafka.common.errors.UnsupportedVersionException;

/**
 * Says whose fault a failed send is.
 * <table>
 * <caption>Classification</caption>
 * <tr>
 * <th>Kind</th>
 * <th>What Kafka says</th>
 * </tr>
 * <tr>
 * <td>{@link FailureKind#UNAVAILABLE UNAVAILABLE}</td>
 * <td>a timeout of any kind (no metadata, no buffer, no leader, no answer), network
 * errors, authentication and authorisation, unknown or illegal topic, no leader, too few
 * replicas in sync, quota, a broker that is too old</td>
 * </tr>
 * <tr>
 * <td>{@link FailureKind#REJECTED REJECTED}</td>
 * <td>the broker looked at the record and refused it: invalid record (for example no key
 * on a compacted topic), invalid timestamp, policy violation, batch larger than a
 * segment, unsupported compression or format</td>
 * </tr>
 * <tr>
 * <td>{@link FailureKind#FATAL FATAL}</td>
 * <td>record too large, serialization</td>
 * </tr>
 * <tr>
 * <td>{@link FailureKind#RETRIABLE RETRIABLE}</td>
 * <td>everything else, as a corrupted batch or a producer that was replaced</td>
 * </tr>
 * </table>
 */
final class KafkaFailures {

	private static final Set<Class<? extends KafkaException>> FATAL = Set.of(RecordTooLargeException.class,
			SerializationException.class);

	private static final Set<Class<? extends KafkaException>> REJECTED = Set.of(InvalidRecordException.class,
			InvalidTimestampException.class, PolicyViolationException.class, RecordBatchTooLargeException.class,
			UnsupportedCompressionTypeException.class, UnsupportedForMessageFormatException.class);

	private static final Set<Class<? extends KafkaException>> UNAVAILABLE = Set.of(TimeoutException.class,
			DisconnectException.class, InvalidMetadataException.class, AuthenticationException.class,
			AuthorizationException.class, BrokerNotAvailableException.class, InvalidTopicException.class,
			NotEnoughReplicasException.class, NotEnoughReplicasAfterAppendException.class,
			UnknownLeaderEpochException.class, ThrottlingQuotaExceededException.class,
			CoordinatorNotAvailableException.class, CoordinatorLoadInProgressException.class,
			InvalidRequiredAcksException.class, UnsupportedVersionException.class);

	private static final Set<Class<? extends KafkaException>> DEADLY = Set.of(AuthenticationException.class,
			ClusterAuthorizationException.class, InvalidPidMappingException.class, InvalidProducerEpochException.class,
			OutOfOrderSequenceException.class, ProducerFencedException.class, UnsupportedVersionException.class);

	private KafkaFailures() {
	}

	/**
	 * Describes an event that a newer version has stored.
	 * @param name name of the option
	 * @return the failure, which leaves the event to an instance of that version
	 */
	static SendFailure unknownOption(String name) {
		return new SendFailure(FailureKind.UNAVAILABLE, "This instance does not know the option '" + name
				+ "' of the event; one that does sends it, for example after a rolling deployment", null);
	}

	/**
	 * Describes a failure.
	 * @param failure what the client threw or reported
	 * @return the failure with its kind
	 */
	static SendFailure describe(Throwable failure) {
		Throwable reason = reason(failure);
		// What follows in a sentence has a full stop of its own.
		String said = String.valueOf(reason.getMessage()).replaceFirst("\\.$", "");
		String help = (reason instanceof UnknownTopicOrPartitionException)
				? ". Create the topic, or correct the destination" : "";
		String message = reason.getClass().getSimpleName() + ": " + said + help;
		// Whoever sends must not need Kafka's classes to recognise a timeout.
		return (reason instanceof TimeoutException) ? SendFailure.timedOut(message, reason, true)
				: new SendFailure(kindOf(reason), message, reason);
	}

	/**
	 * Returns whether the producer that reported a failure cannot send any more.
	 * @param failure what the client threw or reported
	 * @return {@code true} if another producer is needed
	 */
	static boolean endsProducer(Throwable failure) {
		return failure instanceof IllegalStateException || failure.getClass() == KafkaException.class
				|| isAny(failure, DEADLY);
	}

	private static FailureKind kindOf(Throwable reason) {
		if (isAny(reason, FATAL)) {
			return FailureKind.FATAL;
		}
		if (isAny(reason, REJECTED)) {
			return FailureKind.REJECTED;
		}
		return isAny(reason, UNAVAILABLE) ? FailureKind.UNAVAILABLE : FailureKind.RETRIABLE;
	}

	private static Throwable reason(Throwable failure) {
		Throwable reason = failure;
		Throwable cause = reason.getCause();
		while (cause != null && (reason.getClass() == KafkaException.class || reason instanceof ExecutionException
				|| reason instanceof CompletionException)) {
			reason = cause;
			cause = reason.getCause();
		}
		return reason;
	}

	private static boolean isAny(Throwable failure, Set<Class<? extends KafkaException>> types) {
		return types.stream().anyMatch((type) -> type.isInstance(failure));
	}

}
