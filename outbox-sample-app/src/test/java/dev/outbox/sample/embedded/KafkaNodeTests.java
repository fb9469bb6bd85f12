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

package dev.outbox.sample.embedded;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

class KafkaNodeTests {

	@Test
	void aStartThatFailsCanBeTriedAgain(@TempDir Path folder) throws Exception {
		try (SampleDirectory directory = SampleDirectory.lock(folder.resolve("sample"));
				KafkaNode node = new KafkaNode(directory)) {
			InetAddress host = InetAddress.getByName("localhost");
			int port = Integer.parseInt(node.bootstrapServers().split(":")[1]);
			node.stop();
			try (ServerSocket other = new ServerSocket(port, 1, host)) {
				assertThat(other.isBound()).isTrue();
				assertThatException().isThrownBy(node::start);
			}
			node.start();
			try (Socket client = new Socket(host, port)) {
				assertThat(client.isConnected()).isTrue();
			}
		}
	}

}
