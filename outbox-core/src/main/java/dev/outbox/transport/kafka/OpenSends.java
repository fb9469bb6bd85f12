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
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.transport.Delivery;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sends whose outcome has not been reported yet. Each is reported once.
 */
final class OpenSends {

	private static final Logger log = LoggerFactory.getLogger(OpenSends.class);

	private final Set<OpenSend> open = ConcurrentHashMap.newKeySet();

	private final Clock clock;

	OpenSends(Clock clock) {
		this.clock = clock;
	}

	OpenSend add(Delivery delivery) {
		OpenSend send = new OpenSend(delivery);
		this.open.add(send);
		return send;
	}

	void failAll(SendFailure failure) {
		List.copyOf(this.open).forEach((send) -> send.fail(failure));
	}

	/**
	 * One send.
	 */
	final class OpenSend {

		private final Delivery delivery;

		private final long since = System.nanoTime();

		private OpenSend(Delivery delivery) {
			this.delivery = delivery;
		}

		Delivery delivery() {
			return this.delivery;
		}

		boolean isOlderThan(long nanos) {
			return System.nanoTime() - this.since >= nanos;
		}

		void acknowledge(@Nullable String position) {
			complete(SendResult.acknowledged(this.delivery.record(), OpenSends.this.clock.instant(), position));
		}

		void fail(SendFailure failure) {
			complete(SendResult.failed(this.delivery.record(), OpenSends.this.clock.instant(), failure));
		}

		private void complete(SendResult result) {
			if (!OpenSends.this.open.remove(this)) {
				return;
			}
			try {
				this.delivery.complete(result);
			}
			catch (RuntimeException ex) {
				log.error("The receiver of the outcome of event {} failed; other events are not affected",
						result.eventId(), ex);
			}
		}

	}

}
