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

import java.util.regex.Pattern;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import org.jspecify.annotations.Nullable;

/**
 * Why the broker has closed a channel.
 *
 * @param code reply code of AMQP
 * @param text what the broker says
 * @param cause what the client has thrown
 */
record Refusal(int code, String text, Exception cause) {

	/**
	 * All that RabbitMQ says of a queue that exists and cannot be used.
	 */
	private static final Pattern OUT_OF_REACH = Pattern
		.compile("is down or inaccessible|has crashed and failed to restart|process is stopped by supervisor"
				+ "|due to timeout|may be stopping or being demoted");

	/**
	 * Finds out whether the broker has closed a channel.
	 * @param failure what the client has thrown
	 * @return why, or {@code null} if it is something else, as a lost connection
	 */
	static @Nullable Refusal of(Exception failure) {
		Throwable cause = (failure instanceof ShutdownSignalException) ? failure : failure.getCause();
		if (cause instanceof ShutdownSignalException signal && !signal.isHardError()
				&& signal.getReason() instanceof AMQP.Channel.Close close) {
			return new Refusal(close.getReplyCode(), close.getReplyText(), failure);
		}
		return null;
	}

	/**
	 * Whether what was asked for exists, but cannot be used now, as a queue whose node is
	 * down. The broker has one code for that and for what does not exist.
	 */
	boolean isOutOfReach() {
		return this.code == AMQP.NOT_FOUND && OUT_OF_REACH.matcher(this.text).find();
	}

}
