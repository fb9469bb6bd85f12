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
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmCallback;
import dev.outbox.Destination;
import dev.outbox.OutboxRecord;
import dev.outbox.SendResult;
import dev.outbox.transport.Delivery;
import dev.outbox.transport.OpenSends;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a real broker cannot be made to do: a client that refuses to write while the
 * connection lives, as one does whose queue of frames is full.
 */
class ExchangeChannelTests {

	private final OpenSends sends = new OpenSends(Clock.systemUTC());

	private final Map<String, SendResult> results = new LinkedHashMap<>();

	private final List<String> written = new ArrayList<>();

	private @Nullable ConfirmCallback acks;

	private @Nullable ConfirmCallback nacks;

	private @Nullable Exception refusal;

	private final Channel client = (Channel) Proxy.newProxyInstance(Channel.class.getClassLoader(),
			new Class<?>[] { Channel.class }, (proxy, method, arguments) -> {
				if (method.getName().equals("addConfirmListener")) {
					this.acks = (ConfirmCallback) arguments[0];
					this.nacks = (ConfirmCallback) arguments[1];
				}
				if (method.getName().equals("basicPublish")) {
					Exception refusal = this.refusal;
					this.refusal = null;
					if (refusal != null) {
						throw refusal;
					}
					this.written.add(new String((byte[]) arguments[4]));
				}
				return null;
			});

	@Test
	void aMessageThatTheClientRefusesMovesNoConfirmToAnotherOne() throws Exception {
		ExchangeChannel channel = new ExchangeChannel(this.client);
		assertThat(publish(channel, "a")).isTrue();
		this.refusal = new IllegalArgumentException("Content headers exceeded max frame size");
		assertThat(publish(channel, "too large")).isTrue();
		assertThat(publish(channel, "b")).isTrue();
		assertThat(this.written).containsExactly("a", "b");
		confirm(this.acks, 1, false);
		confirm(this.nacks, 2, false);
		assertThat(this.results.get("a").isAcknowledged()).isTrue();
		assertThat(this.results.get("too large").isAcknowledged()).isFalse();
		assertThat(this.results.get("b").isAcknowledged()).isFalse();
	}

	@Test
	void afterAWriteOfUnknownOutcomeNothingMoreIsWrittenAndWhatWasBeforeItKeepsItsConfirms() throws Exception {
		ExchangeChannel channel = new ExchangeChannel(this.client);
		publish(channel, "a");
		publish(channel, "b");
		this.refusal = new IOException("Frame enqueuing failed");
		assertThat(publish(channel, "c")).isTrue();
		assertThat(this.results.get("c").isAcknowledged()).isFalse();
		assertThat(publish(channel, "d")).isFalse();
		assertThat(channel.isFinished()).isTrue();
		assertThat(this.written).containsExactly("a", "b");
		assertThat(this.results).containsOnlyKeys("c");
		confirm(this.acks, 2, true);
		assertThat(this.results.get("a").isAcknowledged()).isTrue();
		assertThat(this.results.get("b").isAcknowledged()).isTrue();
		assertThat(channel.isIdle()).isTrue();
	}

	private static void confirm(@Nullable ConfirmCallback callback, long tag, boolean multiple) throws IOException {
		assertThat(callback).isNotNull();
		callback.handle(tag, multiple);
	}

	private boolean publish(ExchangeChannel channel, String payload) {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "key", null, null, "order.placed", 1,
				new Destination("rabbit", "orders"), Map.of(), "text/plain", Map.of(), payload.getBytes(),
				Instant.EPOCH);
		RabbitMessage message = RabbitMessage.of(event);
		return channel.publish(new Publication(this.sends.add(new Delivery() {

			@Override
			public OutboxRecord record() {
				return event;
			}

			@Override
			public void complete(SendResult result) {
				ExchangeChannelTests.this.results.put(payload, result);
			}

		}), message, (route) -> {
		}), message);
	}

}
