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

package dev.outbox.lab;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeoutException;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;

/**
 * A plain consumer of a queue.
 */
final class RabbitArrivals extends Arrivals {

	private static final int PREFETCH = 1000;

	private final Clock clock = Clock.systemUTC();

	private final Connection connection;

	RabbitArrivals(ConnectionFactory factory, String queue) throws IOException, TimeoutException {
		this.connection = factory.newConnection();
		Channel channel = this.connection.createChannel();
		channel.basicQos(PREFETCH);
		channel.basicConsume(queue, true, new DefaultConsumer(channel) {
			@Override
			public void handleDelivery(String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
				long micros = ChronoUnit.MICROS.between(Instant.EPOCH, RabbitArrivals.this.clock.instant());
				ledger().arrived(body, System.nanoTime(), micros);
			}
		});
	}

	@Override
	public void close() {
		this.connection.abort();
	}

}
