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

	static @Nullable ExchangeKind read(Map<String, Object> options) {
		String type = RabbitOptions.EXCHANGE_TYPE.in(options);
		return (type != null)
				? new ExchangeKind(type, !Boolean.FALSE.equals(RabbitOptions.EXCHANGE_DURABLE.in(options)),
						Boolean.TRUE.equals(RabbitOptions.EXCHANGE_AUTO_DELETE.in(options)))
				: null;
	}

	/**
	 * Creates or checks an exchange.
	 * @param exchange name of the exchange
	 * @param mode what to do
	 * @param channel a channel that is closed if the exchange is missing or different
	 * @throws IOException if it is
	 */
	void apply(String exchange, TopologyMode mode, Channel channel) throws IOException {
		if (mode == TopologyMode.VALIDATE) {
			channel.exchangeDeclarePassive(exchange);
		}
		// What exists is compared by this, not changed.
		channel.exchangeDeclare(exchange, this.type, this.durable, this.autoDelete, Map.of());
	}

}
