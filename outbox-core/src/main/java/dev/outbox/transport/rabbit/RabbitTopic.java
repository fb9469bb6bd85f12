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

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.outbox.OutboxEvent;

/**
 * Declares the RabbitMQ exchange, or queue, that events of a class go to. The class needs
 * no other annotation; with {@link OutboxEvent @OutboxEvent} beside it, what that says
 * explicitly wins.
 * <p>
 * With an exchange, events go to the exchange, and the queue is bound to it. With a queue
 * alone, events go straight to the queue through the default exchange.
 * <p>
 * What is left out is the broker's own default. {@code outbox.topology.mode} decides
 * whether exchange, queue and binding are created, compared or left alone; what exists is
 * never changed. Several classes may declare one exchange or queue: what they say about
 * it must not contradict. An exchange cannot be declared to be internal, because the
 * broker takes no events for such an exchange.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@OutboxEvent(transport = "rabbit")
public @interface RabbitTopic {

	/**
	 * Name of the exchange.
	 * @return the name; empty to send to {@link #queue} through the default exchange
	 */
	String exchange() default "";

	/**
	 * Type of the exchange.
	 * @return {@code direct}, {@code fanout}, {@code topic} or {@code headers}
	 */
	String type() default "direct";

	/**
	 * Routing key that events are sent with.
	 * @return the key; empty for the logical type of the event, or the name of the queue
	 * if one is declared with a direct exchange
	 */
	String routingKey() default "";

	/**
	 * Name of the property that is the event's key. Another one than that of
	 * {@code @OutboxEvent} is refused.
	 * @return the property; empty if it is declared elsewhere, or events of the class are
	 * not ordered
	 */
	String key() default "";

	/**
	 * Name of the queue.
	 * @return the name; empty for no queue: consumers declare and bind theirs
	 */
	String queue() default "";

	/**
	 * Type of the queue.
	 * @return {@code classic} or {@code quorum}; empty for the default of the broker
	 */
	String queueType() default "";

	/**
	 * Whether exchange and queue survive a restart of the broker.
	 * @return {@code false} if they are lost with it, together with the events in the
	 * queue
	 */
	boolean durable() default true;

	/**
	 * Whether the queue is deleted when its last consumer has left, and the exchange when
	 * nothing is bound to it any more. With {@code outbox.topology.mode=create} they are
	 * there again after an event that did not find them.
	 * @return {@code true} if they come and go
	 */
	boolean autoDelete() default false;

	/**
	 * Whether the queue belongs to the connection on which this instance publishes, and
	 * is deleted with the events in it when that ends. Who consumes needs the same
	 * connection: in the same application, that of
	 * {@code ConnectionFactory.getPublisherConnectionFactory()}. Only with
	 * {@code outbox.topology.mode=create}, and for a single instance.
	 * @return {@code true} if no other connection may use the queue
	 */
	boolean exclusive() default false;

	/**
	 * Time after which events leave the queue that nobody has consumed
	 * ({@code x-message-ttl}).
	 * @return for example {@code 60s}, {@code 1d}, {@code PT1M} or a number of
	 * milliseconds; empty for never
	 */
	String messageTtl() default "";

	/**
	 * Number of events in the queue at most ({@code x-max-length}).
	 * @return the number, or -1 for no limit
	 */
	long maxLength() default -1;

	/**
	 * What becomes of events beyond {@link #maxLength} ({@code x-overflow}).
	 * @return {@code drop-head}, {@code reject-publish} or {@code reject-publish-dlx};
	 * empty for {@code drop-head}, which loses the oldest event
	 */
	String overflow() default "";

	/**
	 * Highest priority that the queue tells apart ({@code x-max-priority}).
	 * @return from 1 to 255, or -1 for a queue without priorities
	 */
	int maxPriority() default -1;

	/**
	 * Exchange for events that expire, are rejected or do not fit
	 * ({@code x-dead-letter-exchange}). One that does not exist is created as a durable
	 * topic exchange.
	 * @return the name; empty for none
	 */
	String deadLetterExchange() default "";

	/**
	 * Routing key of such events ({@code x-dead-letter-routing-key}). A direct exchange
	 * with a {@link #deadLetterQueue} needs one.
	 * @return the key; empty for the one that they were sent with
	 */
	String deadLetterRoutingKey() default "";

	/**
	 * Durable queue for such events, bound to {@link #deadLetterExchange}; without that,
	 * reached through the default exchange.
	 * @return the name; empty for none
	 */
	String deadLetterQueue() default "";

	/**
	 * Key by which the queue is bound.
	 * @return the key, for example {@code orders.#} for a topic exchange; empty for the
	 * routing key, or for all events of a topic or fanout exchange that has none
	 */
	String bindingKey() default "";

	/**
	 * Headers by which the queue is bound to a headers exchange. {@code x-match=any} lets
	 * one of them be enough.
	 * @return headers as {@code name=value}
	 */
	String[] bindingHeaders() default {};

	/**
	 * Other arguments of the queue. Whole numbers and {@code true} and {@code false} are
	 * sent as such.
	 * @return arguments as {@code name=value}
	 */
	String[] arguments() default {};

	/**
	 * Arguments of the exchange, for example {@code alternate-exchange=unrouted}.
	 * @return arguments as {@code name=value}
	 */
	String[] exchangeArguments() default {};

}
