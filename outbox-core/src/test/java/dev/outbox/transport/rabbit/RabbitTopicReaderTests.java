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

import java.util.List;
import java.util.Map;

import dev.outbox.InvalidEventTypeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class RabbitTopicReaderTests {

	private static final String TEN = "öööööööööö";

	@Test
	void allThatIsDeclaredBecomesExchangesQueuesAndBindings() {
		TopicDeclaration declaration = declaration(Everything.class);
		assertThat(declaration.exchanges()).containsExactly(
				new DeclaredExchange("orders", "topic", true, true, Map.of("alternate-exchange", "unrouted"), false),
				new DeclaredExchange("orders.dlx", "topic", true, false, Map.of(), true));
		Map<String, Object> arguments = Map.of("x-queue-type", "classic", "x-message-ttl", 60_000L, "x-max-length",
				10_000L, "x-overflow", "reject-publish", "x-max-priority", 10, "x-dead-letter-exchange", "orders.dlx",
				"x-dead-letter-routing-key", "dead", "x-single-active-consumer", true, "x-expires", 5L);
		assertThat(declaration.queues()).containsExactly(
				new DeclaredQueue("orders.q", false, true, true, arguments, false),
				new DeclaredQueue("orders.dlq", true, false, false, Map.of(), true));
		assertThat(declaration.bindings()).containsExactly(
				new DeclaredBinding("orders", "orders.q", "orders.#", Map.of(), false),
				new DeclaredBinding("orders.dlx", "orders.dlq", "dead", Map.of(), false));
	}

	@Test
	void whatIsLeftOutIsNotAsked() {
		assertThat(declaration(QueueOnly.class).queues())
			.containsExactly(new DeclaredQueue("jobs", true, false, false, Map.of(), false));
		assertThat(declaration(QueueOnly.class).exchanges()).isEmpty();
	}

	@Test
	void aDeadLetterQueueAloneIsReachedThroughTheDefaultExchange() {
		assertThat(declaration(OwnDeadLetters.class).queues().get(0).arguments())
			.isEqualTo(Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", "dead"));
		assertThat(declaration(OwnDeadLetters.class).bindings()).isEmpty();
	}

	/**
	 * An event must reach the queue that is declared beside its exchange.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = '|', nullValues = "-", textBlock = """
			Direct        | direct.q | direct.q
			DirectKey     | k        | k
			DirectBinding | b        | b
			Fanout        | -        | ''
			Topic         | -        | #
			TopicKey      | t        | t
			TopicBinding  | t        | t.#
			Headers       | -        | ''
			""")
	void theQueueIsBoundForTheKeyThatEventsAreSentWith(String name, String routingKey, String bindingKey)
			throws ClassNotFoundException {
		TopicDeclaration declaration = declaration(Class.forName(getClass().getName() + '$' + name));
		assertThat(declaration.destination().options().get("routing-key")).isEqualTo(routingKey);
		assertThat(declaration.bindings().get(0).key()).isEqualTo(bindingKey);
	}

	@Test
	void aHeadersExchangeIsBoundByHeaders() {
		assertThat(declaration(Headers.class).bindings().get(0).arguments())
			.isEqualTo(Map.of("x-match", "any", "region", "eu"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			Nothing         | neither an exchange nor a queue
			WrongType       | type=x-delayed
			KeyOfQueue      | default exchange knows queues by their names
			TtlOfNothing    | names no queue
			WrongTtl        | messageTtl=soon
			WrongPriority   | maxPriority=300
			WrongOverflow   | overflow=drop-tail
			LostQuorum      | quorum queue that does not last
			QuorumPriority  | quorum queue with maxPriority
			KeyOfNoExchange | deadLetterRoutingKey without deadLetterExchange
			OwnDead         | its own dead-letter queue
			HeadersOfDirect | no exchange of type headers
			WrongArgument   | arguments "x-expires"
			BlankExchange   | blank exchange
			LongQueue       | queue of 280 bytes
			Composing       | makes no class an event
			""")
	void whatIsNotPossibleIsRefusedBeforeAnEventIsPublished(String name, String expected)
			throws ClassNotFoundException {
		Class<?> wrong = Class.forName(getClass().getName() + '$' + name);
		assertThatExceptionOfType(InvalidEventTypeException.class).isThrownBy(() -> new RabbitTopicReader().read(wrong))
			.withMessageContaining(wrong.getName())
			.withMessageContaining(expected);
	}

	/**
	 * Only a topic exchange has a key that stands for all others.
	 */
	@Test
	void deadLettersWithoutARoutingKeyAreAllWanted() {
		assertThat(declaration(AllDeadLetters.class).bindings())
			.containsExactly(new DeclaredBinding("dlx", "dead", "#", Map.of(), true));
	}

	@Test
	void aClassWithoutTheAnnotationDeclaresNothing() {
		assertThat(new RabbitTopicReader().read(List.class)).isNull();
	}

	private static TopicDeclaration declaration(Class<?> eventClass) {
		TopicDeclaration declaration = TopicDeclaration.of(eventClass);
		assertThat(declaration).isNotNull();
		return declaration;
	}

	@RabbitTopic(exchange = "orders", type = "topic", routingKey = "orders.placed", bindingKey = "orders.#",
			queue = "orders.q", queueType = "classic", autoDelete = true, exclusive = true, messageTtl = "60s",
			maxLength = 10_000, overflow = "reject-publish", maxPriority = 10, deadLetterExchange = "orders.dlx",
			deadLetterRoutingKey = "dead", deadLetterQueue = "orders.dlq",
			arguments = { "x-single-active-consumer=true", "x-expires=5" },
			exchangeArguments = "alternate-exchange=unrouted")
	private record Everything() {

	}

	@RabbitTopic(queue = "jobs")
	private record QueueOnly() {

	}

	@RabbitTopic(queue = "jobs", deadLetterQueue = "dead")
	private record OwnDeadLetters() {

	}

	@RabbitTopic(exchange = "e", queue = "direct.q")
	private record Direct() {

	}

	@RabbitTopic(exchange = "e", queue = "q", routingKey = "k")
	private record DirectKey() {

	}

	@RabbitTopic(exchange = "e", queue = "q", bindingKey = "b")
	private record DirectBinding() {

	}

	@RabbitTopic(exchange = "e", type = "fanout", queue = "q")
	private record Fanout() {

	}

	@RabbitTopic(exchange = "e", type = "topic", queue = "q")
	private record Topic() {

	}

	@RabbitTopic(exchange = "e", type = "topic", queue = "q", routingKey = "t")
	private record TopicKey() {

	}

	@RabbitTopic(exchange = "e", type = "topic", queue = "q", routingKey = "t", bindingKey = "t.#")
	private record TopicBinding() {

	}

	@RabbitTopic(exchange = "e", type = "headers", queue = "q", bindingHeaders = { "x-match=any", "region=eu" })
	private record Headers() {

	}

	@RabbitTopic
	private record Nothing() {

	}

	@RabbitTopic(exchange = "e", type = "x-delayed")
	private record WrongType() {

	}

	@RabbitTopic(queue = "q", routingKey = "k")
	private record KeyOfQueue() {

	}

	@RabbitTopic(exchange = "e", messageTtl = "60s")
	private record TtlOfNothing() {

	}

	@RabbitTopic(queue = "q", messageTtl = "soon")
	private record WrongTtl() {

	}

	@RabbitTopic(queue = "q", maxPriority = 300)
	private record WrongPriority() {

	}

	@RabbitTopic(queue = "q", overflow = "drop-tail")
	private record WrongOverflow() {

	}

	@RabbitTopic(queue = "q", queueType = "quorum", durable = false)
	private record LostQuorum() {

	}

	@RabbitTopic(queue = "q", queueType = "quorum", maxPriority = 3)
	private record QuorumPriority() {

	}

	@RabbitTopic(queue = "q", deadLetterRoutingKey = "dead")
	private record KeyOfNoExchange() {

	}

	@RabbitTopic(queue = "q", deadLetterQueue = "q")
	private record OwnDead() {

	}

	@RabbitTopic(exchange = "e", queue = "q", bindingHeaders = "region=eu")
	private record HeadersOfDirect() {

	}

	@RabbitTopic(exchange = "  ")
	record BlankExchange() {

	}

	@RabbitTopic(queue = TEN + TEN + TEN + TEN + TEN + TEN + TEN + TEN + TEN + TEN + TEN + TEN + TEN + TEN)
	record LongQueue() {

	}

	@RabbitTopic(queue = "q")
	@interface Composing {

	}

	@RabbitTopic(queue = "q", deadLetterExchange = "dlx", deadLetterQueue = "dead")
	record AllDeadLetters() {

	}

	@RabbitTopic(queue = "q", arguments = "x-expires")
	private record WrongArgument() {

	}

}
