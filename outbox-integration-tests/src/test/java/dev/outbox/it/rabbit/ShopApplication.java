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

package dev.outbox.it.rabbit;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.outbox.FailureKind;
import dev.outbox.InvalidMessageException;
import dev.outbox.OutboxMessage;
import dev.outbox.OutboxPublisher;
import dev.outbox.OutboxRecord;
import dev.outbox.SendFailure;
import dev.outbox.SendResult;
import dev.outbox.listener.OutboxListener;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * An application that publishes in transactions, and notes what did not go well.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ShopApplication {

	/**
	 * The declarations in this package are those of other tests, and contradict each
	 * other.
	 */
	static final String WITHOUT_DECLARATIONS = "outbox.topology.mode=none";

	@Bean
	Shop shop(JdbcClient jdbc, OutboxPublisher outbox) {
		return new Shop(jdbc, outbox);
	}

	@Bean
	Failures failures() {
		return new Failures();
	}

	/**
	 * What publishes.
	 */
	static class Shop {

		private final JdbcClient jdbc;

		private final OutboxPublisher outbox;

		Shop(JdbcClient jdbc, OutboxPublisher outbox) {
			this.jdbc = jdbc;
			this.outbox = outbox;
		}

		@Transactional
		void publish(OutboxMessage.Builder... messages) {
			for (OutboxMessage.Builder message : messages) {
				this.outbox.publish(message.build());
			}
		}

		@Transactional
		void publishEvents(Object... events) {
			for (Object event : events) {
				this.outbox.publish(event);
			}
		}

		@Transactional
		void publishAndFail(OutboxMessage.Builder message) {
			publish(message);
			throw new IllegalStateException("after publishing");
		}

		/**
		 * Commits although an event was refused.
		 * @return why it was refused
		 */
		@Transactional
		@Nullable InvalidMessageException publishIfPossible(OutboxMessage.Builder message) {
			try {
				this.outbox.publish(message.build());
				return null;
			}
			catch (InvalidMessageException ex) {
				return ex;
			}
		}

		/**
		 * Counts a key up and publishes the number. Who counts the same key waits.
		 */
		@Transactional
		void count(String key, OutboxMessage.Builder message) {
			this.jdbc.sql("UPDATE counter SET n = n + 1 WHERE name = ?").param(key).update();
			int n = this.jdbc.sql("SELECT n FROM counter WHERE name = ?").param(key).query(Integer.class).single();
			this.outbox.publish(message.key(key).payload(String.valueOf(n)).build());
		}

	}

	/**
	 * The sends that failed.
	 */
	static final class Failures implements OutboxListener {

		private final List<Failure> all = new CopyOnWriteArrayList<>();

		@Override
		public void onRetry(OutboxRecord event, SendResult result, int attempts, Duration retryIn) {
			SendFailure failure = result.failure();
			if (failure != null) {
				this.all.add(new Failure(String.valueOf(event.key()), failure.kind(), failure.message(), attempts));
			}
		}

		/**
		 * Returns those of a key, in their order.
		 */
		List<Failure> of(String key) {
			return this.all.stream().filter((failure) -> failure.key().equals(key)).toList();
		}

	}

	/**
	 * A send that failed.
	 *
	 * @param key key of the event
	 * @param kind whose fault it was
	 * @param message what was said
	 * @param attempts how many attempts have been counted
	 */
	record Failure(String key, FailureKind kind, String message, int attempts) {

	}

}
