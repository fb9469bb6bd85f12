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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import dev.outbox.FailureKind;
import dev.outbox.SendFailure;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.AmqpAuthenticationException;

/**
 * Says whose fault a failed send is.
 * <table>
 * <caption>Classification</caption>
 * <tr>
 * <th>Kind</th>
 * <th>What RabbitMQ says</th>
 * </tr>
 * <tr>
 * <td>{@link FailureKind#UNAVAILABLE UNAVAILABLE}</td>
 * <td>no connection, authentication, a connection that was lost or is blocked by an
 * alarm, no confirm in time, an exchange that does not exist or that the user may not
 * write to, a queue that does not exist</td>
 * </tr>
 * <tr>
 * <td>{@link FailureKind#RETRIABLE RETRIABLE}</td>
 * <td>a negative confirm (for example of a full queue that rejects what is published), a
 * message that was returned because no queue is bound for it, a channel that another
 * message has closed</td>
 * </tr>
 * <tr>
 * <td>{@link FailureKind#REJECTED REJECTED}</td>
 * <td>a channel that this message has closed</td>
 * </tr>
 * <tr>
 * <td>{@link FailureKind#FATAL FATAL}</td>
 * <td>a message larger than the broker takes, or that the protocol cannot carry</td>
 * </tr>
 * </table>
 */
final class RabbitFailures {

	private static final Pattern TOO_LARGE = Pattern.compile("message size \\d+ .*larger than .*?(\\d+)");

	private RabbitFailures() {
	}

	/**
	 * Explains why a message was not sent at all.
	 * @param failure what the client threw
	 * @param message the message
	 */
	static SendFailure notSent(Exception failure, RabbitMessage message) {
		Throwable reason = failure;
		while (reason.getCause() != null && !(reason instanceof ShutdownSignalException)) {
			reason = reason.getCause();
		}
		if (reason instanceof ShutdownSignalException shutdown
				&& shutdown.getReason() instanceof AMQP.Channel.Close close) {
			return unavailable("RabbitMQ refuses " + where(message) + ": " + said(close), failure);
		}
		return noConnection(failure);
	}

	static SendFailure noConnection(Exception failure) {
		Throwable reason = failure;
		while (reason.getCause() != null) {
			reason = reason.getCause();
		}
		String problem = (failure instanceof AmqpAuthenticationException) ? "RabbitMQ refuses the user or password"
				: "No connection to RabbitMQ";
		return unavailable(problem + ": " + said(reason), failure);
	}

	static SendFailure blocked(String reason) {
		return unavailable("RabbitMQ blocks all who publish (" + reason
				+ "); free memory or disk space on the broker, sending goes on by itself then", null);
	}

	static SendFailure unavailable(String message, @Nullable Throwable cause) {
		return new SendFailure(FailureKind.UNAVAILABLE, message, cause);
	}

	static SendFailure impossible(Exception failure) {
		return new SendFailure(FailureKind.FATAL, said(failure), failure);
	}

	static SendFailure nack(RabbitMessage message) {
		return new SendFailure(FailureKind.RETRIABLE, "RabbitMQ did not accept the message (nack) for " + where(message)
				+ "; a queue may be full and reject what is published", null);
	}

	static SendFailure returned(RabbitMessage message, String reply) {
		if (message.exchange().isEmpty()) {
			return unavailable("RabbitMQ returned the message (" + reply + "): there is no queue '"
					+ message.routingKey() + "'. Create it, or send to an exchange.", null);
		}
		return new SendFailure(FailureKind.RETRIABLE,
				"RabbitMQ returned the message (" + reply + "): no queue is bound to " + where(message)
						+ ". Bind a queue, or give the exchange an alternate one.",
				null);
	}

	static SendFailure notWritten(IOException failure) {
		return unavailable("The connection to RabbitMQ broke: " + said(failure), failure);
	}

	/**
	 * Explains why a message has no confirm whose channel was closed.
	 * @param shutdown why the channel was closed
	 * @param message the message
	 * @param alone whether no other message can have been the reason
	 */
	static SendFailure closed(ShutdownSignalException shutdown, RabbitMessage message, boolean alone) {
		if (!(shutdown.getReason() instanceof AMQP.Channel.Close close)) {
			String said = (shutdown.getReason() instanceof AMQP.Connection.Close close)
					? close.getReplyCode() + " " + close.getReplyText() : said(shutdown);
			return unavailable("The connection to RabbitMQ was closed before it confirmed the message: " + said,
					shutdown);
		}
		String said = said(close);
		if (isOfTheExchange(close)) {
			return unavailable(
					"RabbitMQ refuses " + where(message) + ": " + said + (close.getReplyCode() == AMQP.NOT_FOUND
							? ". Create the exchange, or correct the destination." : ""),
					shutdown);
		}
		Matcher limit = TOO_LARGE.matcher(close.getReplyText());
		if (limit.find()) {
			if (message.body().length > Long.parseLong(limit.group(1))) {
				return new SendFailure(FailureKind.FATAL, said, shutdown);
			}
		}
		else if (alone) {
			return new SendFailure(FailureKind.REJECTED, "RabbitMQ refuses the message: " + said, shutdown);
		}
		return new SendFailure(FailureKind.RETRIABLE,
				"The channel was closed because of another message before this one was confirmed: " + said, shutdown);
	}

	/**
	 * Whether nobody knows which of several messages has closed the channel.
	 */
	static boolean isOfSomeMessage(ShutdownSignalException shutdown) {
		return shutdown.getReason() instanceof AMQP.Channel.Close close && !isOfTheExchange(close)
				&& !TOO_LARGE.matcher(close.getReplyText()).find();
	}

	private static boolean isOfTheExchange(AMQP.Channel.Close close) {
		boolean refused = close.getReplyCode() == AMQP.ACCESS_REFUSED;
		// A routing key that the user may not use is the message's own fault.
		return close.getReplyCode() == AMQP.NOT_FOUND || refused && !close.getReplyText().contains("access to topic");
	}

	private static String where(RabbitMessage message) {
		return message.exchange().isEmpty() ? "queue '" + message.routingKey() + "'"
				: "exchange '" + message.exchange() + "' with routing key '" + message.routingKey() + "'";
	}

	private static String said(AMQP.Channel.Close close) {
		return close.getReplyCode() + " " + close.getReplyText();
	}

	private static String said(Throwable failure) {
		return failure.getClass().getSimpleName() + ": " + failure.getMessage();
	}

}
