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

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.ShutdownSignalException;
import dev.outbox.FailureKind;
import dev.outbox.SendFailure;
import dev.outbox.transport.rabbit.Publication.Route;
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
 * message that was returned because no queue is bound for it, a routing key that the user
 * may not use, a channel that another message has closed</td>
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

	private static final Pattern REFUSED_TOPIC = Pattern.compile("access to topic '(.*)' in exchange ");

	private RabbitFailures() {
	}

	/**
	 * Explains why a message was not sent at all.
	 * @param failure what the client threw
	 * @param route where the message goes
	 */
	static SendFailure notSent(Exception failure, Route route) {
		AMQP.Channel.Close close = channelClose(failure);
		return (close != null) ? unavailable("RabbitMQ refuses " + route + ": " + said(close), failure)
				: noConnection(failure);
	}

	/**
	 * Finds out whether the broker has refused something by closing the channel.
	 * @param failure what the client threw
	 * @return why, or {@code null} if it is something else
	 */
	static AMQP.Channel.@Nullable Close channelClose(Throwable failure) {
		Throwable reason = failure;
		while (reason.getCause() != null && !(reason instanceof ShutdownSignalException)) {
			reason = reason.getCause();
		}
		return (reason instanceof ShutdownSignalException shutdown
				&& shutdown.getReason() instanceof AMQP.Channel.Close close) ? close : null;
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

	/**
	 * Explains why a message has no confirm after all the time that it had.
	 * @param patience the time
	 * @param blocked why the broker takes no messages, {@code null} if it takes them
	 */
	static SendFailure late(Duration patience, @Nullable String blocked) {
		String problem = (blocked != null) ? blocked(blocked).message()
				: "RabbitMQ has not confirmed the message within " + patience.toMillis() + " ms";
		return SendFailure.timedOut(problem, null, true);
	}

	static SendFailure unavailable(String message, @Nullable Throwable cause) {
		return new SendFailure(FailureKind.UNAVAILABLE, message, cause);
	}

	static SendFailure impossible(Exception failure) {
		return new SendFailure(FailureKind.FATAL, said(failure), failure);
	}

	static SendFailure nack(Route route) {
		return retriable("RabbitMQ did not accept the message (nack) for " + route
				+ "; a queue may be full and reject what is published", null);
	}

	static SendFailure returned(Route route, String reply) {
		if (route.exchange().isEmpty()) {
			return unavailable("RabbitMQ returned the message (" + reply + "): there is no " + route
					+ ". Create it, or send to an exchange.", null);
		}
		return retriable("RabbitMQ returned the message (" + reply + "): no queue is bound to " + route
				+ ". Bind a queue, or give the exchange an alternate one.", null);
	}

	static SendFailure notWritten(Throwable failure) {
		return unavailable("The connection to RabbitMQ broke: " + said(failure), failure);
	}

	static SendFailure unknownOption(String name) {
		return unavailable("This instance does not know the option '" + name
				+ "' of the event; one that does sends it, for example after a rolling deployment", null);
	}

	/**
	 * Explains why a message has no confirm whose channel was closed.
	 * @param shutdown why the channel was closed
	 * @param route where the message goes
	 * @param alone whether no other message can have been the reason
	 */
	static SendFailure closed(ShutdownSignalException shutdown, Route route, boolean alone) {
		if (!(shutdown.getReason() instanceof AMQP.Channel.Close close) || shutdown.isInitiatedByApplication()) {
			String said = (shutdown.getReason() instanceof AMQP.Connection.Close close)
					? close.getReplyCode() + " " + close.getReplyText() : said(shutdown);
			return unavailable("The connection to RabbitMQ was closed before it confirmed the message: " + said,
					shutdown);
		}
		String text = close.getReplyText();
		if (close.getReplyCode() == AMQP.NOT_FOUND) {
			return unavailable("RabbitMQ refuses " + route + ": " + said(close)
					+ ". Create the exchange, or correct the destination.", shutdown);
		}
		Matcher topic = REFUSED_TOPIC.matcher(text);
		if (topic.find()) {
			return topic.group(1).equals(route.routingKey())
					? retriable("RabbitMQ refuses " + route + ": " + said(close), shutdown) : beside(close, shutdown);
		}
		if (close.getReplyCode() == AMQP.ACCESS_REFUSED) {
			return unavailable("RabbitMQ refuses " + route + ": " + said(close), shutdown);
		}
		Matcher limit = TOO_LARGE.matcher(text);
		if (limit.find()) {
			return (route.size() > Long.parseLong(limit.group(1)))
					? new SendFailure(FailureKind.FATAL, said(close), shutdown) : beside(close, shutdown);
		}
		return alone ? new SendFailure(FailureKind.REJECTED, "RabbitMQ refuses " + route + ": " + said(close), shutdown)
				: beside(close, shutdown);
	}

	private static SendFailure beside(AMQP.Channel.Close close, ShutdownSignalException shutdown) {
		return retriable(
				"The channel was closed because of another message before this one was confirmed: " + said(close),
				shutdown);
	}

	private static SendFailure retriable(String message, @Nullable Throwable cause) {
		return new SendFailure(FailureKind.RETRIABLE, message, cause);
	}

	private static String said(AMQP.Channel.Close close) {
		return close.getReplyCode() + " " + close.getReplyText();
	}

	private static String said(Throwable failure) {
		String message = failure.getMessage();
		return failure.getClass().getSimpleName() + ((message != null) ? ": " + message : "");
	}

}
