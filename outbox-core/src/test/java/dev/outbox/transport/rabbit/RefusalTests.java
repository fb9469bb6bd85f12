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

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.AMQImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The texts are those of RabbitMQ 3.10. A single node that is sound says none of them.
 */
class RefusalTests {

	@ParameterizedTest
	@ValueSource(strings = {
			"NOT_FOUND - home node 'rabbit@n1' of durable queue 'q' in vhost '/' is down or inaccessible",
			"NOT_FOUND - queue 'q' in vhost '/' has crashed and failed to restart",
			"NOT_FOUND - queue 'q' in vhost '/' process is stopped by supervisor",
			"NOT_FOUND - failed to perform operation on queue 'q' in vhost '/' due to timeout",
			"NOT_FOUND - failed to perform operation on queue 'q' in vhost '/': its master replica <0.1.2> may be stopping"
					+ " or being demoted" })
	void aQueueThatCannotBeUsedIsOutOfReach(String text) {
		assertThat(refusal(AMQP.NOT_FOUND, text).isOutOfReach()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "NOT_FOUND - no queue 'q' in vhost '/'", "NOT_FOUND - no exchange 'x' in vhost '/'" })
	void whatDoesNotExistIsNot(String text) {
		assertThat(refusal(AMQP.NOT_FOUND, text).isOutOfReach()).isFalse();
	}

	@Test
	void neitherIsWhatTheUserMayNotTouch() {
		assertThat(refusal(AMQP.ACCESS_REFUSED, "due to timeout").isOutOfReach()).isFalse();
	}

	@Test
	void aConnectionThatEndsIsNoRefusal() {
		ShutdownSignalException lost = new ShutdownSignalException(true, false, null, null);
		assertThat(Refusal.of(lost)).isNull();
		assertThat(Refusal.of(new IOException("reset"))).isNull();
	}

	private static Refusal refusal(int code, String text) {
		AMQP.Channel.Close close = new AMQImpl.Channel.Close(code, text, 50, 10);
		IOException failure = new IOException(new ShutdownSignalException(false, false, close, null));
		Refusal refusal = Refusal.of(failure);
		assertThat(refusal).isNotNull();
		assertThat(refusal.cause()).isSameAs(failure);
		return refusal;
	}

}
