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

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

import dev.outbox.transport.DestinationInspector.Found;
import dev.outbox.transport.DestinationInspector.Inspection;
import dev.outbox.transport.TopologyDifference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is asked of a Kafka cluster about topics.
 */
final class TopicRequests {

	private static final Logger log = LoggerFactory.getLogger(KafkaTopology.class);

	private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

	private final Admin admin;

	private final Duration patience;

	TopicRequests(Admin admin, Duration patience) {
		this.admin = admin;
		this.patience = patience;
	}

	/**
	 * Creates the topics that are missing, then compares.
	 */
	List<TopologyDifference> createAndCompare(Map<String, TopicSpec> specs) {
		List<TopologyDifference> differences = new ArrayList<>();
		Map<String, TopicSpec> existing = new LinkedHashMap<>(specs);
		Set<String> missing = new TreeSet<>(specs.keySet());
		missing.removeAll(describe(specs.keySet(), (name, reason) -> {
			differences.add(refused(name, "not to be looked at", reason));
			existing.remove(name);
		}).keySet());
		missing.retainAll(existing.keySet());
		Set<String> raced = new TreeSet<>();
		this.admin.createTopics(missing.stream().map((name) -> spec(specs, name).newTopic()).toList())
			.values()
			.forEach((name, created) -> {
				try {
					get(created);
					log.info("Created the Kafka topic {} as it is declared", name);
					existing.remove(name);
				}
				catch (TopicExistsException ex) {
					raced.add(name);
				}
				catch (ApiException ex) {
					differences.add(refused(name, "missing and could not be created", ex));
					existing.remove(name);
				}
			});
		awaitVisible(raced);
		differences.addAll(compare(existing));
		return differences;
	}

	/**
	 * What is wrong with one topic must not hide what is wrong with another one.
	 */
	private static TopologyDifference refused(String topic, String problem, ApiException reason) {
		if (reason instanceof RetriableException || reason instanceof AuthenticationException) {
			throw reason;
		}
		return TopologyDifference.of(subject(topic),
				problem + " (" + reason.getClass().getSimpleName() + ": " + reason.getMessage() + ")");
	}

	/**
	 * A topic that another instance has just created is not known to every broker at
	 * once.
	 */
	private void awaitVisible(Set<String> topics) {
		long start = System.nanoTime();
		while (!describe(topics, TopicRequests::ignore).keySet().containsAll(topics)
				&& System.nanoTime() - start < this.patience.toNanos() && !Thread.currentThread().isInterrupted()) {
			LockSupport.parkNanos(LOOK_AGAIN.toNanos());
		}
	}

	private static void ignore(String topic, ApiException reason) {
		log.debug("Kafka topic {} is not to be looked at", topic, reason);
	}

	/**
	 * Compares topics with what is declared.
	 */
	List<TopologyDifference> compare(Map<String, TopicSpec> specs) {
		List<TopologyDifference> differences = new ArrayList<>();
		Set<String> refused = new TreeSet<>();
		Map<String, TopicDescription> topics = describe(specs.keySet(), (name, reason) -> {
			differences.add(refused(name, "not to be looked at", reason));
			refused.add(name);
		});
		specs.forEach((name, spec) -> {
			TopicDescription topic = topics.get(name);
			if (refused.contains(name)) {
				return;
			}
			if (topic == null) {
				differences.add(TopologyDifference.of(subject(name), "missing"));
				return;
			}
			int partitions = topic.partitions().size();
			number(name, "partitions", spec.partitions(), partitions, differences);
			if (partitions > 0) {
				number(name, "replicas", spec.replicas(), topic.partitions().get(0).replicas().size(), differences);
			}
		});
		List<TopicSpec> configured = specs.values()
			.stream()
			.filter((spec) -> topics.containsKey(spec.name()) && !spec.configs().isEmpty())
			.toList();
		compareConfigs(configured, differences);
		return differences;
	}

	/**
	 * Looks at topics, whoever has created them.
	 */
	Inspection inspect(Collection<String> names) {
		Set<String> missing = new TreeSet<>(names);
		Map<String, TopicDescription> topics = describe(names, (name, reason) -> missing.remove(name));
		missing.removeAll(topics.keySet());
		Map<ConfigResource, KafkaFuture<Config>> configs = this.admin
			.describeConfigs(topics.keySet().stream().map(TopicRequests::resource).toList())
			.values();
		Map<String, Found> found = new LinkedHashMap<>();
		topics.forEach((name, topic) -> found.put(name,
				new Found(topic.partitions().size(),
						topic.partitions().isEmpty() ? 0 : topic.partitions().get(0).replicas().size(),
						minInsyncReplicas(Objects.requireNonNull(configs.get(resource(name)))))));
		return new Inspection(found, missing);
	}

	private static @Nullable Integer minInsyncReplicas(KafkaFuture<Config> config) {
		try {
			ConfigEntry entry = get(config).get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
			return (entry != null && entry.value() != null) ? Integer.valueOf(entry.value()) : null;
		}
		catch (AuthorizationException ex) {
			log.debug("The settings of a Kafka topic are not to be looked at", ex);
			return null;
		}
	}

	private static void number(String topic, String property, @Nullable Long declared, int actual,
			List<TopologyDifference> differences) {
		if (declared != null && declared != actual) {
			differences
				.add(new TopologyDifference(subject(topic), property, declared.toString(), String.valueOf(actual)));
		}
	}

	private void compareConfigs(List<TopicSpec> specs, List<TopologyDifference> differences) {
		Map<ConfigResource, KafkaFuture<Config>> configs = this.admin
			.describeConfigs(specs.stream().map((spec) -> resource(spec.name())).toList())
			.values();
		for (TopicSpec spec : specs) {
			try {
				Config actual = get(Objects.requireNonNull(configs.get(resource(spec.name()))));
				compareConfigs(spec, actual, differences);
			}
			catch (AuthorizationException ex) {
				log.warn("Cannot compare the settings of the Kafka topic {} ({}). Let the application describe them,"
						+ " or declare none", spec.name(), ex.getMessage());
			}
		}
	}

	private static void compareConfigs(TopicSpec spec, Config actual, List<TopologyDifference> differences) {
		spec.configs().forEach((name, declared) -> {
			ConfigEntry entry = actual.get(name);
			String value = (entry != null) ? String.valueOf(entry.value()) : "unknown there";
			if (entry == null || !isSame(entry.type(), declared, value)) {
				differences.add(new TopologyDifference(subject(spec.name()), name, declared, value));
			}
		});
	}

	private static ConfigResource resource(String topic) {
		return new ConfigResource(ConfigResource.Type.TOPIC, topic);
	}

	/**
	 * The broker writes values in its own way: 0.5 for 0.50, false for FALSE.
	 */
	private static boolean isSame(ConfigEntry.ConfigType type, String declared, String actual) {
		return declared.equals(actual) || switch (type) {
			case BOOLEAN -> declared.equalsIgnoreCase(actual);
			case INT, SHORT, LONG, DOUBLE -> isSameNumber(declared, actual);
			case LIST -> list(declared).equals(list(actual));
			default -> false;
		};
	}

	private static boolean isSameNumber(String declared, String actual) {
		try {
			return new BigDecimal(declared).compareTo(new BigDecimal(actual)) == 0;
		}
		catch (NumberFormatException ex) {
			return false;
		}
	}

	private static Set<String> list(String value) {
		Set<String> elements = new TreeSet<>();
		Arrays.stream(value.split(",")).map(String::trim).forEach(elements::add);
		return elements;
	}

	/**
	 * Describes the topics that exist.
	 * @param refused told of those about which the broker says nothing
	 */
	private Map<String, TopicDescription> describe(Collection<String> topics,
			BiConsumer<String, ApiException> refused) {
		Map<String, TopicDescription> found = new LinkedHashMap<>();
		this.admin.describeTopics(topics).topicNameValues().forEach((name, description) -> {
			try {
				found.put(name, get(description));
			}
			catch (UnknownTopicOrPartitionException ex) {
				log.debug("There is no Kafka topic {}", name);
			}
			catch (ApiException ex) {
				if (ex instanceof RetriableException || ex instanceof AuthenticationException) {
					throw ex;
				}
				refused.accept(name, ex);
			}
		});
		return found;
	}

	private static <T> T get(KafkaFuture<T> future) {
		try {
			return future.get();
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof KafkaException kafka) {
				throw kafka;
			}
			throw new KafkaException(String.valueOf(ex.getCause()), ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new KafkaException("Interrupted while waiting for the broker", ex);
		}
	}

	private static TopicSpec spec(Map<String, TopicSpec> specs, String name) {
		return Objects.requireNonNull(specs.get(name));
	}

	private static String subject(String topic) {
		return "Kafka topic '" + topic + "'";
	}

}
