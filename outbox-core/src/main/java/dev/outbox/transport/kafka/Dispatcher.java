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
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import dev.outbox.FailureKind;
import dev.outbox.OutboxException;
import dev.outbox.SendFailure;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OpenSends;
import dev.outbox.transport.OpenSends.OpenSend;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes records to the producer as long as it takes them at once. A topic that it knows
 * nothing about, or has no memory for, is probed on a thread of its own; the topic's
 * records wait for that in their order, and fail when it takes too long.
 */
final class Dispatcher {

	private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

	private static final long SHORTEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(2);

	private static final long LONGEST_PAUSE = TimeUnit.MILLISECONDS.toNanos(200);

	private final RelayProducer producers;

	private final OpenSends sends;

	private final Duration patience;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private final Map<String, Queue<OpenSend>> waiting = new LinkedHashMap<>();

	private final Set<String> ready = new HashSet<>();

	private boolean unprobed;

	private boolean closed;

	private @Nullable Thread prober;

	/**
	 * Creates a dispatcher.
	 * @param producers where the producer comes from
	 * @param sends where sends are registered
	 * @param patience how long records wait for their topic
	 */
	Dispatcher(RelayProducer producers, OpenSends sends, Duration patience) {
		this.producers = producers;
		this.sends = sends;
		this.patience = patience;
	}

	/**
	 * Sends records in their order, or lets them wait. Does not block.
	 * @param batch the records
	 */
	void dispatch(List<? extends Delivery> batch) {
		this.lock.lock();
		try {
			if (this.closed) {
				throw new OutboxException("The Kafka transport is closed: " + batch.size() + " events were not sent;"
						+ " those of the outbox stay there, and another instance or the next start sends them");
			}
			batch.forEach((delivery) -> dispatch(this.sends.add(delivery)));
		}
		finally {
			this.lock.unlock();
		}
	}

	private void dispatch(OpenSend send) {
		String topic = send.record().destination().name();
		Queue<OpenSend> earlier = this.waiting.get(topic);
		if (earlier != null) {
			earlier.add(send);
		}
		else if (!this.ready.contains(topic) || SendAttempt.attempt(send, this.producers) != null) {
			this.ready.remove(topic);
			this.waiting.put(topic, new ArrayDeque<>(List.of(send)));
			this.unprobed = true;
			startProber();
			this.changed.signal();
		}
	}

	private void startProber() {
		if (this.prober == null) {
			this.prober = new Thread(this::probeWhileOpen, "outbox-kafka-prober");
			this.prober.setDaemon(true);
			this.prober.start();
		}
	}

	private void probeWhileOpen() {
		long pause = SHORTEST_PAUSE;
		while (awaitWork(pause)) {
			boolean progress = false;
			try {
				progress = probeAll();
			}
			catch (RuntimeException | Error ex) {
				log.error("A probe of Kafka topics failed; it is repeated, the events stay in the outbox", ex);
			}
			pause = progress ? SHORTEST_PAUSE : Math.min(2 * pause, LONGEST_PAUSE);
		}
	}

	private boolean awaitWork(long pause) {
		this.lock.lock();
		try {
			while (!this.closed && this.waiting.isEmpty()) {
				this.changed.awaitUninterruptibly();
			}
			long remaining = pause;
			while (!this.closed && !this.unprobed && remaining > 0) {
				remaining = this.changed.awaitNanos(remaining);
			}
			this.unprobed = false;
			return !this.closed;
		}
		catch (InterruptedException ex) {
			log.debug("Nobody has a reason to interrupt this thread: it goes on");
			return !this.closed;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean probeAll() {
		Producer<byte[], byte[]> producer;
		try {
			producer = this.producers.obtain();
		}
		catch (RuntimeException ex) {
			waitingTopics().forEach((topic) -> giveUp(topic, ex, this.patience));
			return false;
		}
		boolean progress = false;
		for (String topic : waitingTopics()) {
			progress |= probe(topic, producer);
		}
		return progress;
	}

	private List<String> waitingTopics() {
		this.lock.lock();
		try {
			return List.copyOf(this.waiting.keySet());
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean probe(String topic, Producer<byte[], byte[]> producer) {
		int partitions;
		try {
			partitions = producer.partitionsFor(topic).size();
		}
		catch (TimeoutException ex) {
			giveUp(topic, ex, this.patience);
			return false;
		}
		catch (RuntimeException ex) {
			if (KafkaFailures.endsProducer(ex)) {
				this.producers.discard(producer, ex);
			}
			giveUp(topic, ex, Duration.ZERO);
			return false;
		}
		TimeoutException refusal = sendWaiting(topic, partitions);
		if (refusal != null) {
			giveUp(topic, refusal, this.patience);
		}
		return refusal == null;
	}

	private @Nullable TimeoutException sendWaiting(String topic, int partitions) {
		this.lock.lock();
		try {
			Queue<OpenSend> queue = this.waiting.getOrDefault(topic, new ArrayDeque<>());
			for (OpenSend next = queue.peek(); next != null; next = queue.peek()) {
				TimeoutException refusal = SendAttempt.attempt(next, this.producers);
				if (refusal != null && !failForPartition(next, partitions)) {
					return refusal;
				}
				queue.remove();
			}
			this.waiting.remove(topic);
			this.ready.add(topic);
			return null;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean failForPartition(OpenSend send, int partitions) {
		Integer partition = KafkaOptions.read(send.record().options()).partition();
		if (partition == null || partition < partitions) {
			return false;
		}
		send.fail(new SendFailure(FailureKind.REJECTED,
				"The event asks for partition " + partition + ", but the topic has " + partitions, null));
		return true;
	}

	private void giveUp(String topic, RuntimeException reason, Duration patience) {
		// The producer itself says only that it did not wait for the metadata at all.
		Throwable cause = reason.getCause();
		boolean noAnswer = cause == null && reason instanceof TimeoutException;
		String problem = "Kafka was not ready for topic '" + topic + "': "
				+ (noAnswer ? "no answer within " + patience.toMillis() + " ms"
						: KafkaFailures.describe((cause != null) ? cause : reason).message());
		// The producer has taken none of what waits.
		SendFailure failure = noAnswer ? SendFailure.timedOut(problem, reason, false)
				: new SendFailure(FailureKind.UNAVAILABLE, problem, reason, false);
		this.lock.lock();
		try {
			Queue<OpenSend> queue = this.waiting.getOrDefault(topic, new ArrayDeque<>());
			Iterator<OpenSend> oldestFirst = queue.iterator();
			while (oldestFirst.hasNext()) {
				OpenSend send = oldestFirst.next();
				if (!send.isOlderThan(patience.toNanos())) {
					return;
				}
				oldestFirst.remove();
				send.fail(failure);
			}
			this.waiting.remove(topic);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Stops to send, for good. Records that wait are left to the caller.
	 */
	void close() {
		Thread thread;
		this.lock.lock();
		try {
			this.closed = true;
			this.waiting.clear();
			this.changed.signal();
			thread = this.prober;
		}
		finally {
			this.lock.unlock();
		}
		join(thread);
	}

	private void join(@Nullable Thread thread) {
		try {
			if (thread != null) {
				thread.join(this.patience.toMillis());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
