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

package dev.outbox.transport;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.outbox.LogFields;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sends of a transport whose outcome has not been reported yet. Whatever a broker and
 * its client do, each is reported once. For those who write a transport. Thread-safe.
 */
public final class OpenSends {

	private static final Logger log = LoggerFactory.getLogger(OpenSends.class);

	private static final byte[] NOTHING = new byte[0];

	private final Set<OpenSend> open = ConcurrentHashMap.newKeySet();

	private final Clock clock;

	/**
	 * Creates an empty set of sends.
	 * @param clock tells when a result arrived
	 */
	public OpenSends(Clock clock) {
		this.clock = clock;
	}

	/**
	 * Adds a send.
	 * @param delivery whom to tell the outcome
	 * @return the send, which is open
	 */
	public OpenSend add(Delivery delivery) {
		OpenSend send = new OpenSend(delivery);
		this.open.add(send);
		return send;
	}

	/**
	 * Reports all sends that are open as failed.
	 * @param failure why they failed
	 */
	public void failAll(SendFailure failure) {
		List.copyOf(this.open).forEach((send) -> send.fail(failure));
	}

	/**
	 * Reports sends as failed that have been open for too long.
	 * @param limit how long a send may be open
	 * @param failure why they failed, made by {@link SendFailure#timedOut}
	 */
	public void failOlderThan(Duration limit, SendFailure failure) {
		long nanos = limit.toNanos();
		this.open.forEach((send) -> {
			if (send.isOlderThan(nanos)) {
				send.fail(failure);
			}
		});
	}

	/**
	 * One send.
	 */
	public final class OpenSend {

		private volatile @Nullable Delivery delivery;

		private volatile OutboxRecord record;

		private final long since = System.nanoTime();

		private OpenSend(Delivery delivery) {
			this.delivery = delivery;
			this.record = delivery.record();
		}

		/**
		 * Describes what is sent.
		 * @return the record; without its payload once it has been reported as failed, so
		 * that a client which never answers does not fill the memory
		 */
		public OutboxRecord record() {
			return this.record;
		}

		/**
		 * Returns what is to be sent.
		 * @return the record with its payload, or {@code null} if the outcome has been
		 * reported, so that nobody waits for it any more
		 */
		public @Nullable OutboxRecord pending() {
			// Read first: the payload leaves after the send has ended.
			OutboxRecord whole = this.record;
			return isOpen() ? whole : null;
		}

		/**
		 * Returns whether the outcome has not been reported.
		 * @return {@code false} as soon as it has
		 */
		public boolean isOpen() {
			return OpenSends.this.open.contains(this);
		}

		/**
		 * Returns whether the send was added some time ago.
		 * @param nanos the time in nanoseconds
		 * @return {@code true} if it is that old
		 */
		public boolean isOlderThan(long nanos) {
			return System.nanoTime() - this.since >= nanos;
		}

		/**
		 * Reports that the broker has the record.
		 * @param position where it put it, if it says so
		 */
		public void acknowledge(@Nullable String position) {
			complete(SendResult.acknowledged(record(), OpenSends.this.clock.instant(), position));
		}

		/**
		 * Reports that the record was not delivered, as far as is known.
		 * @param failure why
		 */
		public void fail(SendFailure failure) {
			complete(SendResult.failed(record(), OpenSends.this.clock.instant(), failure));
		}

		private void complete(SendResult result) {
			Delivery receiver = this.delivery;
			if (!OpenSends.this.open.remove(this) || receiver == null) {
				return;
			}
			this.delivery = null;
			if (!result.isAcknowledged()) {
				this.record = this.record.withPayload(NOTHING);
			}
			try {
				receiver.complete(result);
			}
			catch (RuntimeException | Error ex) {
				LogFields.add(log.atError(), this.record)
					.setCause(ex)
					.log("The receiver of the outcome of event {} failed; other events are not affected",
							result.eventId());
			}
		}

	}

}
