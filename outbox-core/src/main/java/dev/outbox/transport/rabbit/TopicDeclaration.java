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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import dev.outbox.Destination;
import dev.outbox.InvalidEventTypeException;
import dev.outbox.transport.DeclaredDestination;
import org.jspecify.annotations.Nullable;

import org.springframework.format.annotation.DurationFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;

/**
 * What one {@link RabbitTopic @RabbitTopic} says, checked. Needs no class of a broker's
 * client.
 */
final class TopicDeclaration {

	static final String TRANSPORT = "rabbit";

	private static final String EXCHANGE_OPTION = "exchange";

	private static final String ROUTING_KEY_OPTION = "routing-key";

	private static final Set<String> EXCHANGE_TYPES = Set.of("direct", "fanout", "topic", "headers");

	private static final Set<String> QUEUE_TYPES = Set.of("", "classic", "quorum");

	private static final Set<String> OVERFLOWS = Set.of("", "drop-head", "reject-publish", "reject-publish-dlx");

	private static final int LONGEST_NAME = 255;

	private final RabbitTopic topic;

	private final Class<?> eventClass;

	private TopicDeclaration(RabbitTopic topic, Class<?> eventClass) {
		this.topic = topic;
		this.eventClass = eventClass;
	}

	/**
	 * Reads the annotation of a class.
	 * @return what it says, or {@code null} if the class does not carry it
	 * @throws InvalidEventTypeException if what it says is not possible
	 */
	static @Nullable TopicDeclaration of(Class<?> eventClass) {
		RabbitTopic topic = eventClass.getDeclaredAnnotation(RabbitTopic.class);
		if (topic == null) {
			return null;
		}
		TopicDeclaration declaration = new TopicDeclaration(topic, eventClass);
		declaration.checkNames();
		declaration.checkExchange();
		declaration.checkQueue();
		declaration.checkDeadLetters();
		return declaration;
	}

	Class<?> eventClass() {
		return this.eventClass;
	}

	DeclaredDestination destination() {
		if (!hasExchange()) {
			return new DeclaredDestination(new Destination(TRANSPORT, this.topic.queue()), Map.of(EXCHANGE_OPTION, ""));
		}
		String routingKey = routingKey();
		return new DeclaredDestination(new Destination(TRANSPORT, this.topic.exchange()),
				routingKey.isEmpty() ? Map.of() : Map.of(ROUTING_KEY_OPTION, routingKey));
	}

	List<DeclaredExchange> exchanges() {
		List<DeclaredExchange> exchanges = new ArrayList<>();
		if (hasExchange()) {
			exchanges.add(new DeclaredExchange(this.topic.exchange(), this.topic.type(), this.topic.durable(),
					this.topic.autoDelete(), pairs("exchangeArguments", this.topic.exchangeArguments()), false));
		}
		if (!this.topic.deadLetterExchange().isEmpty()) {
			exchanges.add(new DeclaredExchange(this.topic.deadLetterExchange(), "topic", true, false, Map.of(), true));
		}
		return exchanges;
	}

	List<DeclaredQueue> queues() {
		List<DeclaredQueue> queues = new ArrayList<>();
		if (hasQueue()) {
			// An exclusive queue goes with its connection, and so is not durable anyway.
			boolean durable = this.topic.durable() && !this.topic.exclusive();
			queues.add(new DeclaredQueue(this.topic.queue(), durable, this.topic.exclusive(), this.topic.autoDelete(),
					queueArguments(), false));
		}
		if (!this.topic.deadLetterQueue().isEmpty()) {
			queues.add(new DeclaredQueue(this.topic.deadLetterQueue(), true, false, false, Map.of(), true));
		}
		return queues;
	}

	List<DeclaredBinding> bindings() {
		List<DeclaredBinding> bindings = new ArrayList<>();
		if (hasExchange() && hasQueue()) {
			bindings.add(new DeclaredBinding(this.topic.exchange(), this.topic.queue(), bindingKey(),
					pairs("bindingHeaders", this.topic.bindingHeaders()), false));
		}
		if (!this.topic.deadLetterExchange().isEmpty() && !this.topic.deadLetterQueue().isEmpty()) {
			String key = this.topic.deadLetterRoutingKey();
			bindings.add(new DeclaredBinding(this.topic.deadLetterExchange(), this.topic.deadLetterQueue(),
					key.isEmpty() ? "#" : key, Map.of(), key.isEmpty()));
		}
		return bindings;
	}

	private boolean hasExchange() {
		return !this.topic.exchange().isEmpty();
	}

	private boolean hasQueue() {
		return !this.topic.queue().isEmpty();
	}

	private String routingKey() {
		boolean byQueue = this.topic.routingKey().isEmpty() && hasQueue() && this.topic.type().equals("direct");
		if (!byQueue) {
			return this.topic.routingKey();
		}
		return this.topic.bindingKey().isEmpty() ? this.topic.queue() : this.topic.bindingKey();
	}

	private String bindingKey() {
		if (!this.topic.bindingKey().isEmpty()) {
			return this.topic.bindingKey();
		}
		return (this.topic.type().equals("topic") && routingKey().isEmpty()) ? "#" : routingKey();
	}

	private Map<String, Object> queueArguments() {
		Map<String, Object> arguments = new TreeMap<>(pairs("arguments", this.topic.arguments()));
		put(arguments, "x-queue-type", this.topic.queueType());
		put(arguments, "x-overflow", this.topic.overflow());
		if (!this.topic.messageTtl().isEmpty()) {
			arguments.put("x-message-ttl", millis(this.topic.messageTtl()));
		}
		if (this.topic.maxLength() >= 0) {
			arguments.put("x-max-length", this.topic.maxLength());
		}
		if (this.topic.maxPriority() >= 0) {
			arguments.put("x-max-priority", this.topic.maxPriority());
		}
		put(arguments, "x-dead-letter-exchange", this.topic.deadLetterExchange());
		put(arguments, "x-dead-letter-routing-key", this.topic.deadLetterRoutingKey());
		if (this.topic.deadLetterExchange().isEmpty() && !this.topic.deadLetterQueue().isEmpty()) {
			arguments.put("x-dead-letter-exchange", "");
			arguments.put("x-dead-letter-routing-key", this.topic.deadLetterQueue());
		}
		return arguments;
	}

	private static void put(Map<String, Object> arguments, String name, String value) {
		if (!value.isEmpty()) {
			arguments.put(name, value);
		}
	}

	private void checkNames() {
		refuseIf(this.eventClass.isAnnotation(), "is on an annotation, which makes no class an event",
				"Put it on the event class itself");
		checkName("exchange", this.topic.exchange());
		checkName("queue", this.topic.queue());
		checkName("deadLetterExchange", this.topic.deadLetterExchange());
		checkName("deadLetterQueue", this.topic.deadLetterQueue());
		checkLength("routingKey", this.topic.routingKey());
		checkLength("bindingKey", this.topic.bindingKey());
		checkLength("deadLetterRoutingKey", this.topic.deadLetterRoutingKey());
	}

	private void checkName(String attribute, String name) {
		refuseIf(!name.isEmpty() && name.isBlank(), "has a blank " + attribute, "Name it, or leave it out");
		checkLength(attribute, name);
	}

	private void checkLength(String attribute, String text) {
		int length = text.getBytes(StandardCharsets.UTF_8).length;
		refuseIf(length > LONGEST_NAME, "has " + attribute + " of " + length + " bytes",
				"RabbitMQ takes " + LONGEST_NAME + " at most");
	}

	private void checkExchange() {
		refuseIf(!hasExchange() && !hasQueue(), "names neither an exchange nor a queue", "Name one of them");
		refuseIf(!EXCHANGE_TYPES.contains(this.topic.type()), "has type=" + this.topic.type(),
				"Use direct, fanout, topic or headers");
		pairs("exchangeArguments", this.topic.exchangeArguments());
		if (!hasExchange()) {
			refuseIf(!this.topic.routingKey().isEmpty() || !this.topic.bindingKey().isEmpty(),
					"has a key, but no exchange: the default exchange knows queues by their names",
					"Name an exchange, or leave the key out");
			refuseIf(this.topic.exchangeArguments().length > 0, "has arguments of an exchange, but no exchange",
					"Name an exchange, or leave them out");
		}
		refuseIf(this.topic.bindingHeaders().length > 0 && !(hasExchange() && this.topic.type().equals("headers")),
				"has headers for a binding, but no exchange of type headers",
				"Leave them out, or set type=\"headers\"");
	}

	private void checkQueue() {
		if (!hasQueue()) {
			refuseIf(isAboutQueue(), "says something about a queue or its binding, but names no queue",
					"Name the queue, or leave that out");
			return;
		}
		Map<String, Object> arguments = pairs("arguments", this.topic.arguments());
		pairs("bindingHeaders", this.topic.bindingHeaders());
		refuseIf(!QUEUE_TYPES.contains(this.topic.queueType()), "has queueType=" + this.topic.queueType(),
				"Use classic or quorum");
		refuseIf(!OVERFLOWS.contains(this.topic.overflow()), "has overflow=" + this.topic.overflow(),
				"Use drop-head, reject-publish or reject-publish-dlx");
		refuseIf(this.topic.maxPriority() < -1 || this.topic.maxPriority() == 0 || this.topic.maxPriority() > 255,
				"has maxPriority=" + this.topic.maxPriority(), "Use a number from 1 to 255");
		refuseIf(this.topic.maxLength() < -1, "has maxLength=" + this.topic.maxLength(), "Use a number from 0");
		refuseIf(!this.topic.messageTtl().isEmpty() && millis(this.topic.messageTtl()) < 0,
				"has messageTtl=" + this.topic.messageTtl(), "Use a time that is not negative");
		if (this.topic.queueType().equals("quorum") || "quorum".equals(arguments.get("x-queue-type"))) {
			refuseIf(!this.topic.durable() || this.topic.exclusive() || this.topic.autoDelete(),
					"has a quorum queue that does not last",
					"A quorum queue is durable, not exclusive and not" + " deleted automatically: use a classic one");
			refuseIf(this.topic.maxPriority() > 0, "has a quorum queue with maxPriority",
					"Only a classic queue has that");
		}
	}

	private boolean isAboutQueue() {
		return !this.topic.queueType().isEmpty() || this.topic.exclusive() || !this.topic.messageTtl().isEmpty()
				|| this.topic.maxLength() >= 0 || !this.topic.overflow().isEmpty() || this.topic.maxPriority() >= 0
				|| !this.topic.deadLetterExchange().isEmpty() || !this.topic.deadLetterQueue().isEmpty()
				|| !this.topic.bindingKey().isEmpty() || this.topic.bindingHeaders().length > 0
				|| this.topic.arguments().length > 0;
	}

	private void checkDeadLetters() {
		refuseIf(!this.topic.deadLetterRoutingKey().isEmpty() && this.topic.deadLetterExchange().isEmpty(),
				"has deadLetterRoutingKey without deadLetterExchange", "Name the exchange");
		refuseIf(hasQueue() && this.topic.deadLetterQueue().equals(this.topic.queue()),
				"lets its queue be its own dead-letter queue", "Name another one");
	}

	private long millis(String text) {
		try {
			Duration duration = DurationFormatterUtils.detectAndParse(text.trim(), DurationFormat.Unit.MILLIS);
			return duration.toMillis();
		}
		catch (IllegalArgumentException | DateTimeParseException | ArithmeticException ex) {
			throw refused("has messageTtl=" + text, "Write it like 60s, 1d, PT1M or 60000");
		}
	}

	private Map<String, Object> pairs(String attribute, String[] pairs) {
		Map<String, Object> values = new LinkedHashMap<>();
		for (String pair : pairs) {
			int end = pair.indexOf('=');
			refuseIf(end < 1, "has " + attribute + " \"" + pair + "\"", "Write it as name=value");
			String value = pair.substring(end + 1).trim();
			values.put(pair.substring(0, end).trim(), value.matches("true|false") ? Boolean.valueOf(value)
					: value.matches("-?\\d{1,18}") ? (Object) Long.valueOf(value) : value);
		}
		return values;
	}

	private void refuseIf(boolean wrong, String problem, String remedy) {
		if (wrong) {
			throw refused(problem, remedy);
		}
	}

	private InvalidEventTypeException refused(String problem, String remedy) {
		return new InvalidEventTypeException("The @RabbitTopic on " + this.eventClass.getName() + " " + problem
				+ ". Events of the class cannot be published. " + remedy + ".");
	}

}
