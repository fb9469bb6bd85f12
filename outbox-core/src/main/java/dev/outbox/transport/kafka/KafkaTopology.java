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

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

import dev.outbox.transport.BrokerUnavailableException;
import dev.outbox.transport.DestinationInspector;
import dev.outbox.transport.DestinationReader;
import dev.outbox.transport.TopologyDifference;
import dev.outbox.transport.TopologyManager;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

/**
 * Creates and compares the topics that {@link KafkaTopic @KafkaTopic} declares, and looks
 * at others. Opens a connection of its own each time, and closes it.
 */
public final class KafkaTopology implements TopologyManager, DestinationInspector {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final DestinationReader reader = new KafkaTopicReader();

	private final Map<String, Object> settings;

	private KafkaTopology(Map<String, Object> settings) {
		this.settings = settings;
	}

	/**
	 * Creates a manager of topics. Does not connect yet.
	 * @param producerFactory the application's producer factory: topics are looked for
	 * where its events go
	 * @param admin the application's own admin, whose settings are taken if it is for the
	 * same brokers; {@code null} if there is none
	 * @return the manager
	 */
	public static KafkaTopology of(ProducerFactory<?, ?> producerFactory, @Nullable KafkaAdmin admin) {
		Map<String, Object> producer = producerFactory.getConfigurationProperties();
		Map<String, Object> settings = new HashMap<>();
		producer.forEach((name, value) -> {
			// What only a producer knows would be warned about; what nobody knows may
			// belong to a plug-in, as to one for authentication.
			if (AdminClientConfig.configNames().contains(name) || !ProducerConfig.configNames().contains(name)) {
				settings.put(name, value);
			}
		});
		if (admin != null) {
			Map<String, Object> own = admin.getConfigurationProperties();
			if (servers(own).equals(servers(producer))) {
				settings.putAll(own);
			}
		}
		settings.put(AdminClientConfig.CLIENT_ID_CONFIG, "outbox-topology");
		settings.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
		settings.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) TIMEOUT.toMillis());
		return new KafkaTopology(settings);
	}

	private static Set<String> servers(Map<String, Object> settings) {
		Object servers = settings.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
		Set<String> names = new TreeSet<>();
		if (servers instanceof Collection<?> list) {
			list.forEach((server) -> names.add(String.valueOf(server).trim()));
		}
		else if (servers != null) {
			Arrays.stream(servers.toString().split(",")).map(String::trim).forEach(names::add);
		}
		return names;
	}

	@Override
	public DestinationReader reader() {
		return this.reader;
	}

	@Override
	public String transport() {
		return this.reader.transport();
	}

	@Override
	public Inspection inspect(Collection<String> destinations) {
		return ask((requests) -> requests.inspect(destinations));
	}

	@Override
	public List<TopologyDifference> validate(Collection<Class<?>> eventClasses) {
		Map<String, TopicSpec> specs = TopicSpec.of(eventClasses);
		return ask((requests) -> requests.compare(specs));
	}

	@Override
	public List<TopologyDifference> create(Collection<Class<?>> eventClasses) {
		Map<String, TopicSpec> specs = TopicSpec.of(eventClasses);
		return ask((requests) -> requests.createAndCompare(specs));
	}

	private <T> T ask(Function<TopicRequests, T> question) {
		Admin admin = null;
		try {
			admin = Admin.create(this.settings);
			return question.apply(new TopicRequests(admin, TIMEOUT));
		}
		catch (KafkaException ex) {
			Throwable reason = ex;
			while (reason.getCause() != null) {
				reason = reason.getCause();
			}
			throw new BrokerUnavailableException("Kafka at " + servers(this.settings) + " could not be asked ("
					+ reason.getClass().getSimpleName() + ": " + reason.getMessage() + ")", ex);
		}
		finally {
			if (admin != null) {
				admin.close(Duration.ZERO);
			}
		}
	}

}
