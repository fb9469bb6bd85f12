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

package dev.outbox.lab.limits;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;

import dev.outbox.lab.app.Contender;
import dev.outbox.lab.app.LabEvent;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads the log of PostgreSQL instead of the table: one slot, one reader, in the order of
 * the commits. The rows are left for somebody else to delete.
 */
public final class LogicalReplicationContender implements Contender {

	/** How many events go to the broker before the slot may move on. */
	private static final int WINDOW = 10_000;

	@Override
	public Class<?> application() {
		return Application.class;
	}

	@Override
	public Map<String, Object> properties(boolean relay, boolean tuned) {
		return Map.of("lab.relay", relay);
	}

	@Override
	public Consumer<LabEvent> publisher(ApplicationContext context) {
		return new PlainTable(context.getBean(JdbcTemplate.class));
	}

	/**
	 * The application.
	 */
	@SpringBootConfiguration
	@EnableAutoConfiguration
	static class Application {

		@Bean
		@ConditionalOnProperty(name = "lab.relay", havingValue = "true")
		LoopingThread loop(@Value("${spring.kafka.bootstrap-servers}") String servers,
				@Value("${spring.datasource.url}") String url, @Value("${spring.datasource.username}") String user)
				throws SQLException {
			Reader reader = new Reader(url, user, servers);
			return new LoopingThread(reader::read, reader::close);
		}

	}

	private static final class Reader {

		private final KafkaProducer<byte[], byte[]> producer;

		private final Connection connection;

		private final PGReplicationStream stream;

		private int unconfirmed;

		Reader(String url, String user, String servers) throws SQLException {
			this.producer = new KafkaProducer<>(LoopingThread.producer(servers));
			Properties properties = new Properties();
			PGProperty.USER.set(properties, user);
			PGProperty.PASSWORD.set(properties, "");
			PGProperty.REPLICATION.set(properties, "database");
			PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
			PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
			this.connection = DriverManager.getConnection(url, properties);
			this.stream = this.connection.unwrap(PGConnection.class)
				.getReplicationAPI()
				.replicationStream()
				.logical()
				.withSlotName("lab_slot")
				.withSlotOption("proto_version", 1)
				.withSlotOption("publication_names", "lab_publication")
				.start();
		}

		boolean read() throws SQLException {
			boolean any = false;
			for (ByteBuffer message = this.stream.readPending(); message != null; message = this.stream.readPending()) {
				any = true;
				if (message.get() == 'I') {
					send(message);
				}
				if (this.unconfirmed >= WINDOW) {
					confirm();
				}
			}
			if (this.unconfirmed > 0) {
				confirm();
			}
			return any;
		}

		private void send(ByteBuffer message) {
			message.position(message.position() + Integer.BYTES + 1);
			int columns = message.getShort();
			List<byte[]> values = new ArrayList<>();
			for (int column = 0; column < columns; column++) {
				byte kind = message.get();
				byte[] value = new byte[(kind == 't') ? message.getInt() : 0];
				message.get(value);
				values.add(value);
			}
			this.producer.send(LoopingThread.toRecord(text(values.get(2)), text(values.get(1)), unhex(values.get(3))));
			this.unconfirmed++;
		}

		private void confirm() throws SQLException {
			this.producer.flush();
			this.unconfirmed = 0;
			this.stream.setFlushedLSN(this.stream.getLastReceiveLSN());
			this.stream.setAppliedLSN(this.stream.getLastReceiveLSN());
			this.stream.forceUpdateStatus();
		}

		private static String text(byte[] bytes) {
			return new String(bytes, StandardCharsets.UTF_8);
		}

		/** A bytea in text begins with a backslash and an x. */
		private static byte[] unhex(byte[] hex) {
			byte[] bytes = new byte[hex.length / 2 - 1];
			for (int i = 0; i < bytes.length; i++) {
				bytes[i] = (byte) (Character.digit(hex[2 * i + 2], 16) * 16 + Character.digit(hex[2 * i + 3], 16));
			}
			return bytes;
		}

		void close() {
			try {
				this.stream.close();
				this.connection.close();
			}
			catch (SQLException ignored) {
				// The slot stays where it is.
			}
			this.producer.close();
		}

	}

}
