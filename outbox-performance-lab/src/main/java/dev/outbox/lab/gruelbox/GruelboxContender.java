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

package dev.outbox.lab.gruelbox;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import com.gruelbox.transactionoutbox.Dialect;
import com.gruelbox.transactionoutbox.Persistor;
import com.gruelbox.transactionoutbox.SpringInstantiator;
import com.gruelbox.transactionoutbox.SpringTransactionManager;
import com.gruelbox.transactionoutbox.SpringTransactionOutboxConfiguration;
import com.gruelbox.transactionoutbox.Submitter;
import com.gruelbox.transactionoutbox.TransactionOutbox;
import dev.outbox.lab.app.Broker;
import dev.outbox.lab.app.BrokerConfiguration;
import dev.outbox.lab.app.Contender;
import dev.outbox.lab.app.LabEvent;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * An application with gruelbox's transaction-outbox, which calls a method that sends an
 * event and waits for the broker.
 */
public final class GruelboxContender implements Contender {

	@Override
	public Class<?> application() {
		return Application.class;
	}

	@Override
	public Map<String, Object> properties(boolean relay, boolean tuned) {
		Map<String, Object> properties = new HashMap<>();
		properties.put("lab.relay", relay);
		properties.put("lab.tuned", tuned);
		properties.put("lab.flush-interval", tuned ? "200" : "1000");
		if (tuned) {
			properties.put("spring.datasource.hikari.maximum-pool-size", 24);
			// Who waits for each event would wait for the producer's default of 5 ms.
			properties.put("spring.kafka.producer.properties.linger.ms", 0);
			properties.put("spring.kafka.producer.batch-size", 131_072);
		}
		return properties;
	}

	@Override
	public Consumer<LabEvent> publisher(ApplicationContext context) {
		TransactionOutbox outbox = context.getBean(TransactionOutbox.class);
		return (event) -> outbox.schedule(Sender.class).send(event.topic(), event.key(), event.value());
	}

	/**
	 * The application.
	 */
	@SpringBootApplication
	@EnableScheduling
	@Import({ BrokerConfiguration.class, SpringTransactionOutboxConfiguration.class })
	static class Application {

		@Bean
		Sender sender(Broker broker) {
			return new Sender(broker);
		}

		@Bean
		TransactionOutbox transactionOutbox(SpringTransactionManager transactions, SpringInstantiator instantiator,
				@Value("${lab.relay}") boolean relay, @Value("${lab.tuned}") boolean tuned,
				@Value("${lab.database}") String database) {
			TransactionOutbox.TransactionOutboxBuilder builder = TransactionOutbox.builder()
				.transactionManager(transactions)
				.instantiator(instantiator)
				.persistor(Persistor.forDialect(database.equals("postgres") ? Dialect.POSTGRESQL_9 : Dialect.MY_SQL_8));
			if (!relay) {
				// What is written is due when the relay starts.
				builder.attemptFrequency(Duration.ofSeconds(1)).submitter((entry, consumer) -> {
				});
			}
			else if (tuned) {
				// A caller that runs the task itself slows down the one that submits.
				Executor executor = new ThreadPoolExecutor(16, 16, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(16384),
						new ThreadPoolExecutor.CallerRunsPolicy());
				builder.submitter(Submitter.withExecutor(executor)).attemptFrequency(Duration.ofSeconds(15));
			}
			return builder.build();
		}

		@Bean
		@ConditionalOnProperty(name = "lab.relay", havingValue = "true")
		Flusher flusher(TransactionOutbox outbox) {
			return new Flusher(outbox);
		}

	}

	/**
	 * Calls what has not been called, as the library asks its users to do.
	 */
	static class Flusher {

		private final TransactionOutbox outbox;

		Flusher(TransactionOutbox outbox) {
			this.outbox = outbox;
		}

		/**
		 * Go on until nothing is left.
		 */
		@Scheduled(fixedDelayString = "${lab.flush-interval}")
		void flush() {
			boolean more;
			do {
				more = this.outbox.flush();
			}
			while (more && !Thread.currentThread().isInterrupted());
		}

	}

}
