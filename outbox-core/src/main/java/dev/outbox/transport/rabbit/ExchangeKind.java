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

package dev.outbox.transport.rabbit;

import java.io.IOException;
import java.util.Map;
import java.util.regex.Pattern;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import dev.outbox.transport.TopologyMode;
import org.jspecify.annotations.Nullable;

/**
 * What an event says about the exchange that it is sent to.
 *
 * @param type type of the exchange
 * @param durable whether it survives a restart of the broker
 * @param autoDelete whether it is deleted together with its last binding
 */
record ExchangeKind(String type, boolean durable, boolean autoDelete) {

	private static final Pattern DIFFERENT = Pattern.compile("inequivalent arg '(type|durable|auto_delete|internal)'");

	static @Nullable ExchangeKind read(Map<String, Object> options) {
		String type = RabbitOptions.EXCHANGE_TYPE.in(options);
		return (type != null)
				? new ExchangeKind(type, !Boolean.FALSE.equals(RabbitOptions.EXCHANGE_DURABLE.in(options)),
						Boolean.TRUE.equals(RabbitOptions.EXCHANGE_AUTO_DELETE.in(options)))
				: null;
	}

	/**
	 * Creates or checks an exchange, on channels of their own: a channel is closed when
	 * something is missing or different.
	 * @param exchange name of the exchange
	 * @param mode what to do
	 * @param connection opens channels
	 * @throws IOException if it is missing, and is not to be created, or different
	 */
	void apply(String exchange, TopologyMode mode, BrokerConnection connection) throws IOException {
		try {
			on(connection, (channel) -> channel.exchangeDeclarePassive(exchange));
		}
		catch (IOException ex) {
			AMQP.Channel.Close close = RabbitFailures.channelClose(ex);
			if (mode != TopologyMode.CREATE || close == null || close.getReplyCode() != AMQP.NOT_FOUND) {
				throw ex;
			}
			on(connection, (channel) -> declare(exchange, channel));
			return;
		}
		compare(exchange, connection);
	}

	/**
	 * What exists is compared by declaring it, which changes nothing. That needs a right
	 * which the user may not have, and fails for arguments of which events know nothing,
	 * as an alternate exchange.
	 */
	private void compare(String exchange, BrokerConnection connection) throws IOException {
		try {
			on(connection, (channel) -> declare(exchange, channel));
		}
		catch (IOException ex) {
			AMQP.Channel.Close close = RabbitFailures.channelClose(ex);
			if (close == null || DIFFERENT.matcher(close.getReplyText()).find()) {
				throw ex;
			}
		}
	}

	private Object declare(String exchange, Channel channel) throws IOException {
		return channel.exchangeDeclare(exchange, this.type, this.durable, this.autoDelete, Map.of());
	}

	private static void on(BrokerConnection connection, Request request) throws IOException {
		Channel channel = connection.openChannel();
		try {
			request.send(channel);
		}
		finally {
			channel.abort();
		}
	}

	private interface Request {

		Object send(Channel channel) throws IOException;

	}

}
