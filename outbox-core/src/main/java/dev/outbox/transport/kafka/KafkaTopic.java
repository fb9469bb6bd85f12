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

package dev.outbox.transport.kafka;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.outbox.OutboxEvent;

/**
 * Declares the Kafka topic that events of a class go to. The class needs no other
 * annotation; with {@link OutboxEvent @OutboxEvent} beside it, what that says explicitly
 * wins.
 * <p>
 * What is left out is the broker's own default when the topic is created, and is not
 * looked at when it is there. {@code outbox.topology.mode} decides whether the topic is
 * created, compared or left alone; a topic that exists is never changed. Several classes
 * may declare one topic: what they say about it must not contradict.
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@OutboxEvent(transport = "kafka")
public @interface KafkaTopic {

	/**
	 * Name of the topic.
	 * @return the name, never empty
	 */
	String name();

	/**
	 * Name of the property that is the event's key, and so decides the partition. Another
	 * one than that of {@code @OutboxEvent} is refused.
	 * @return the property; empty if it is declared elsewhere, or events of the class are
	 * not ordered
	 */
	String key() default "";

	/**
	 * Number of partitions.
	 * @return the number, or -1 for the broker's {@code num.partitions}
	 */
	int partitions() default -1;

	/**
	 * Number of replicas of each partition.
	 * @return the number, or -1 for the broker's {@code default.replication.factor}
	 */
	int replicas() default -1;

	/**
	 * Time for which records are kept ({@code retention.ms}).
	 * @return for example {@code 1d}, {@code 12h}, {@code P1D}, a number of milliseconds,
	 * or {@code unlimited}; empty for the broker's default
	 */
	String retention() default "";

	/**
	 * Compression of the topic ({@code compression.type}), whatever the producer does.
	 * @return {@code gzip}, {@code snappy}, {@code lz4}, {@code zstd},
	 * {@code uncompressed} or {@code producer}; empty for the broker's default
	 */
	String compression() default "";

	/**
	 * What becomes of old records ({@code cleanup.policy}).
	 * @return {@code delete}, {@code compact} or {@code compact,delete}; empty for the
	 * broker's default
	 */
	String cleanupPolicy() default "";

	/**
	 * Number of replicas that must have a record before it counts as sent
	 * ({@code min.insync.replicas}).
	 * @return the number, or -1 for the broker's default
	 */
	int minInsyncReplicas() default -1;

	/**
	 * Size of the largest batch of records ({@code max.message.bytes}).
	 * @return for example {@code 2MB}, or a number of bytes; empty for the broker's
	 * default
	 */
	String maxMessageSize() default "";

	/**
	 * Other settings of the topic.
	 * @return settings as {@code name=value}, by Kafka's names
	 */
	String[] configs() default {};

}
