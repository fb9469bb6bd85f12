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

package dev.outbox.it.topology;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;

import dev.outbox.fixtures.kafka.KafkaBroker;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What the broker says about topics.
 */
final class Topics {

	private final KafkaBroker kafka;

	Topics(KafkaBroker kafka) {
		this.kafka = kafka;
	}

	boolean exists(String topic) throws Exception {
		return partitions(topic) > 0;
	}

	int partitions(String topic) throws Exception {
		try (Admin admin = admin()) {
			TopicDescription description = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
			return (description != null) ? description.partitions().size() : 0;
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof UnknownTopicOrPartitionException) {
				return 0;
			}
			throw ex;
		}
	}

	String config(String topic, String name) throws Exception {
		try (Admin admin = admin()) {
			ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
			return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
		}
	}

	/**
	 * Does what an operator should not: adds partitions, and changes a setting.
	 */
	void change(String topic, int partitions, String name, String value) throws Exception {
		try (Admin admin = admin()) {
			admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(partitions))).all().get();
			ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
			AlterConfigOp set = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
			admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
		}
	}

	/**
	 * Waits until a topic has some partitions: the broker that answers hears of a new
	 * topic a moment after who created it.
	 */
	void awaitPartitions(String topic, int count) {
		await().untilAsserted(() -> assertThat(partitions(topic)).isEqualTo(count));
	}

	/**
	 * Deletes topics that may exist, and waits until the broker does not answer that they
	 * do: it hears of that, too, a moment after who deleted them.
	 */
	void delete(String... topics) throws Exception {
		try (Admin admin = admin()) {
			for (String topic : topics) {
				delete(admin, topic);
				await().until(() -> !exists(topic));
			}
		}
	}

	private static void delete(Admin admin, String topic) throws Exception {
		try {
			admin.deleteTopics(List.of(topic)).all().get();
		}
		catch (ExecutionException ex) {
			if (!(ex.getCause() instanceof UnknownTopicOrPartitionException)) {
				throw ex;
			}
		}
	}

	private Admin admin() {
		return Admin.create(Map.of("bootstrap.servers", this.kafka.bootstrapServers()));
	}

}
