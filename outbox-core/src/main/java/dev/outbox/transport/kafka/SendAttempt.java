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

import java.util.Optional;

import dev.outbox.FailureKind;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.transport.OpenSends.OpenSend;
import dev.outbox.transport.TransportOption;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Hands one record to the producer, without waiting for anything. The producer may take
 * it, or refuse it because it lacks metadata or memory: then nothing has been reported
 * and the record can be handed over again.
 */
final class SendAttempt implements Callback {

	private final OpenSend send;

	private final RelayProducer producers;

	private final Producer<byte[], byte[]> producer;

	private final Thread caller = Thread.currentThread();

	private @Nullable TimeoutException refusal;

	private SendAttempt(OpenSend send, RelayProducer producers, Producer<byte[], byte[]> producer) {
		this.send = send;
		this.producers = producers;
		this.producer = producer;
	}

	/**
	 * Tries to hand a record to the producer.
	 * @param send the record
	 * @param producers where the producer comes from
	 * @return {@code null} if the record was taken, or has failed and been reported; else
	 * why it was refused
	 */
	static @Nullable TimeoutException attempt(OpenSend send, RelayProducer producers) {
		Producer<byte[], byte[]> producer = producers.current();
		if (producer == null) {
			return new TimeoutException("There is no producer yet");
		}
		ProducerRecord<byte[], byte[]> record;
		try {
			OutboxRecord event = send.pending();
			if (event == null) {
				return null;
			}
			Optional<String> unknown = TransportOption.unknown(event.options(), KafkaOptions.ALL);
			if (unknown.isPresent()) {
				send.fail(KafkaFailures.unknownOption(unknown.get()));
				return null;
			}
			record = RecordConverter.convert(event);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			send.fail(new SendFailure(FailureKind.FATAL, String.valueOf(ex.getMessage()), ex));
			return null;
		}
		SendAttempt attempt = new SendAttempt(send, producers, producer);
		try {
			producer.send(record, attempt);
		}
		catch (RuntimeException ex) {
			attempt.fail(ex);
		}
		return attempt.refusal;
	}

	@Override
	public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
		if (exception == null) {
			this.send.acknowledge(position(metadata));
		}
		else if (exception instanceof TimeoutException timeout && Thread.currentThread() == this.caller) {
			this.refusal = timeout;
		}
		else {
			fail(exception);
		}
	}

	private void fail(Exception exception) {
		if (KafkaFailures.endsProducer(exception)) {
			this.producers.discard(this.producer, exception);
		}
		this.send.fail(KafkaFailures.describe(exception));
	}

	private static @Nullable String position(@Nullable RecordMetadata metadata) {
		if (metadata == null) {
			return null;
		}
		return metadata.hasOffset() ? metadata.topic() + "-" + metadata.partition() + "@" + metadata.offset()
				: metadata.topic() + "-" + metadata.partition();
	}

}
