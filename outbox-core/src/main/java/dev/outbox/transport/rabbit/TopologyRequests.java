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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.outbox.transport.BrokerUnavailableException;
import dev.outbox.transport.TopologyDifference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is asked of a broker about exchanges and queues. Each question has a channel of
 * its own, because the broker closes the channel when the answer is no.
 */
final class TopologyRequests {

	private static final Logger log = LoggerFactory.getLogger(RabbitTopology.class);

	private static final Pattern INEQUIVALENT = Pattern
		.compile("inequivalent arg '([^']+)' for .*: received (.+) but current is (.+)");

	private final Connection connection;

	private final boolean create;

	private final Runnable answered;

	private final List<TopologyDifference> differences = new ArrayList<>();

	private final Map<String, Refusal> outOfReach = new LinkedHashMap<>();

	/**
	 * Creates requests.
	 * @param connection the connection
	 * @param create whether to create what is missing
	 * @param answered told of each answer
	 */
	TopologyRequests(Connection connection, boolean create, Runnable answered) {
		this.connection = connection;
		this.create = create;
		this.answered = answered;
	}

	/**
	 * Creates or compares everything. One difference does not keep the rest from being
	 * created: a queue is bound if it and its exchange are as they are declared.
	 * @return what is not as it is declared
	 * @throws BrokerUnavailableException if the connection was lost, or if nothing
	 * differs but something is out of reach
	 */
	List<TopologyDifference> apply(Declarations declarations) {
		Set<String> exchanges = new HashSet<>();
		Set<String> queues = new HashSet<>();
		declarations.exchanges().forEach((exchange) -> note(exchange, exchange(exchange), exchanges));
		declarations.queues().forEach((queue) -> note(queue, queue(queue), queues));
		declarations.bindings()
			.stream()
			.filter((binding) -> exchanges.contains(binding.exchange()) && queues.contains(binding.queue()))
			.filter((binding) -> !binding.everything() || routesEverything(declarations.exchange(binding.exchange())))
			// Whether a binding exists cannot be asked.
			.filter((binding) -> this.create)
			.forEach(this::bind);
		if (!this.outOfReach.isEmpty()) {
			reportOutOfReach();
		}
		return this.differences;
	}

	/**
	 * Which type an exchange has that is only named, the broker says when another one is
	 * declared.
	 */
	private boolean routesEverything(DeclaredExchange exchange) {
		String subject = subject("exchange", exchange.name());
		String type = exchange.type();
		if (exchange.onlyNamed()) {
			Refusal refusal = ask((channel) -> declare(exchange, channel));
			if (refusal != null && refusal.code() == AMQP.ACCESS_REFUSED) {
				log.warn("Cannot find out whether the {} lets its queue have everything ({}). With a direct exchange"
						+ " dead letters are lost: declare deadLetterRoutingKey then", subject, refusal.text());
			}
			TopologyDifference difference = (refusal != null) ? difference(subject, refusal) : null;
			type = (difference != null && "type".equals(difference.property())) ? difference.actual() : type;
		}
		return !type.equals("direct")
				|| differs(new TopologyDifference(subject, "type", "topic (for want of a deadLetterRoutingKey)", type));
	}

	private static void note(DeclaredPart part, boolean asDeclared, Set<String> names) {
		if (asDeclared) {
			names.add(part.name());
		}
	}

	private boolean exchange(DeclaredExchange exchange) {
		return part("exchange", exchange, (channel) -> channel.exchangeDeclarePassive(exchange.name()),
				(channel) -> declare(exchange, channel));
	}

	private static void declare(DeclaredExchange exchange, Channel channel) throws IOException {
		channel.exchangeDeclare(exchange.name(), exchange.type(), exchange.durable(), exchange.autoDelete(),
				exchange.arguments());
	}

	private boolean queue(DeclaredQueue queue) {
		if (queue.exclusive() && !this.create) {
			return differs(TopologyDifference.of(subject("queue", queue.name()),
					"exclusive, so it can only be there with outbox.topology.mode=create"));
		}
		return part("queue", queue, (channel) -> channel.queueDeclarePassive(queue.name()), (channel) -> channel
			.queueDeclare(queue.name(), queue.durable(), queue.exclusive(), queue.autoDelete(), queue.arguments()));
	}

	/**
	 * What exists is compared by declaring it as it should be, which changes nothing.
	 */
	private boolean part(String kind, DeclaredPart part, Question passive, Question active) {
		String subject = subject(kind, part.name());
		Refusal absent = ask(passive);
		if (absent != null && absent.isOutOfReach()) {
			this.outOfReach.put(subject, absent);
			return false;
		}
		if (absent != null && absent.code() != AMQP.NOT_FOUND) {
			return differs(TopologyDifference.of(subject, (absent.code() == AMQP.RESOURCE_LOCKED)
					? "locked by another connection" : "not to be looked at (" + absent.text() + ")"));
		}
		if (absent != null && !this.create) {
			return differs(TopologyDifference.of(subject, "missing"));
		}
		if (absent == null && part.onlyNamed()) {
			return true;
		}
		Refusal refusal = ask(active);
		if (refusal == null) {
			if (absent != null) {
				log.info("Created the {} as it is declared", subject);
			}
			return true;
		}
		if (absent != null) {
			return differs(TopologyDifference.of(subject, "missing and could not be created (" + refusal.text() + ")"));
		}
		if (refusal.code() == AMQP.ACCESS_REFUSED) {
			log.warn("Cannot compare the {} with what is declared ({}). Let the application configure it, or set"
					+ " outbox.topology.mode=none", subject, refusal.text());
			return true;
		}
		return differs(difference(subject, refusal));
	}

	/**
	 * It is no difference: an outage of one node must not keep an application from
	 * starting.
	 */
	private void reportOutOfReach() {
		String problem = this.outOfReach.entrySet()
			.stream()
			.map((entry) -> "the " + entry.getKey() + " exists but is out of reach: " + entry.getValue().text())
			.collect(Collectors.joining("; ", "", ". It is neither compared nor bound. Bring its node back"));
		if (this.differences.isEmpty()) {
			Refusal first = this.outOfReach.values().iterator().next();
			throw new BrokerUnavailableException(problem, first.cause());
		}
		log.warn("RabbitMQ has more than what differs: {}", problem);
	}

	private boolean differs(TopologyDifference difference) {
		this.differences.add(difference);
		return false;
	}

	private void bind(DeclaredBinding binding) {
		Refusal refusal = ask((channel) -> channel.queueBind(binding.queue(), binding.exchange(), binding.key(),
				binding.arguments()));
		if (refusal != null) {
			this.differences.add(TopologyDifference.of(subject("queue", binding.queue()),
					"not bound to the exchange '" + binding.exchange() + "' (" + refusal.text() + ")"));
		}
	}

	private static TopologyDifference difference(String subject, Refusal refusal) {
		Matcher matcher = INEQUIVALENT.matcher(refusal.text());
		if (refusal.code() == AMQP.PRECONDITION_FAILED && matcher.find()) {
			return new TopologyDifference(subject, matcher.group(1), plain(matcher.group(2)), plain(matcher.group(3)));
		}
		return TopologyDifference.of(subject, "different (" + refusal.text() + ")");
	}

	/**
	 * The broker writes {@code '5'} or {@code the value '5' of type 'long'}.
	 */
	private static String plain(String value) {
		int begin = value.indexOf('\'');
		int end = value.indexOf('\'', begin + 1);
		return (begin >= 0 && end > begin) ? value.substring(begin + 1, end) : value;
	}

	private @Nullable Refusal ask(Question question) {
		Channel channel = null;
		try {
			channel = this.connection.createChannel();
			if (channel == null) {
				throw new IOException("the connection has as many channels as it may have");
			}
			question.ask(channel);
			return null;
		}
		catch (IOException | ShutdownSignalException ex) {
			Refusal refusal = Refusal.of(ex);
			if (refusal == null) {
				throw new BrokerUnavailableException("RabbitMQ did not answer (" + ex + ")", ex);
			}
			return refusal;
		}
		finally {
			this.answered.run();
			close(channel);
		}
	}

	private static void close(@Nullable Channel channel) {
		try {
			if (channel != null) {
				channel.abort();
			}
		}
		catch (IOException | RuntimeException ex) {
			log.debug("A channel to RabbitMQ could not be closed", ex);
		}
	}

	private static String subject(String kind, String name) {
		return "RabbitMQ " + kind + " '" + name + "'";
	}

	/**
	 * Asks the broker something.
	 */
	@FunctionalInterface
	private interface Question {

		void ask(Channel channel) throws IOException;

	}

}
