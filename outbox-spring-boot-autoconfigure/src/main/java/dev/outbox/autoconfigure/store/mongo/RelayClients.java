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

package dev.outbox.autoconfigure.store.mongo;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ClusterSettings;
import com.mongodb.connection.SocketSettings;
import dev.outbox.autoconfigure.OutboxProperties;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.mongodb.autoconfigure.MongoClientSettingsBuilderCustomizer;

/**
 * The clients of the relay: one with a few connections to work on and listen on, and one
 * aside for the heartbeat, so that an application whose connections are all in use still
 * delivers, and no amount of work keeps the relay from renewing its lease.
 * <p>
 * Not a {@link MongoClient} and not exposing one as a bean: that would change which beans
 * the application gets.
 */
final class RelayClients implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(RelayClients.class);

	/**
	 * Shorter than a lease, so that a heartbeat fails in time to be tried again.
	 */
	private static final Duration POOL_TIMEOUT = Duration.ofSeconds(5);

	/**
	 * Commands take milliseconds; a scan may take much longer, and must come to its end.
	 */
	private static final Duration PATIENCE = Duration.ofMinutes(2);

	/**
	 * What the server takes as the name of an application.
	 */
	private static final int LONGEST_NAME = 128;

	private final MongoClient work;

	private final MongoClient heartbeat;

	private final List<MongoClient> own;

	private RelayClients(MongoClient work, MongoClient heartbeat, List<MongoClient> own) {
		this.work = work;
		this.heartbeat = heartbeat;
		this.own = own;
	}

	/**
	 * Derives the relay's clients from the application's.
	 * @param database the application's database
	 * @param settings what Spring Boot has made the application's client of
	 * @param customizers what it has adapted those settings with
	 * @param relay what the application has set
	 * @param application name of the application
	 * @return the clients
	 */
	static RelayClients derive(OutboxMongoDatabase database, @Nullable MongoClientSettings settings,
			List<MongoClientSettingsBuilderCustomizer> customizers, OutboxProperties.Relay relay,
			@Nullable String application) {
		if (!relay.enabled()) {
			return borrow(database);
		}
		if (!relay.datasource().ownPool()) {
			return borrow(database, "outbox.relay.datasource.own-pool=false");
		}
		if (!database.isAutoConfigured() || settings == null) {
			return borrow(database, "Spring Boot has not made that of the application");
		}
		MongoClientSettings.Builder builder = MongoClientSettings.builder(settings);
		customizers.forEach((customizer) -> customizer.customize(builder));
		MongoClientSettings common = builder.build();
		int connections = relay.datasource().maximumPoolSize() - 1 + (relay.datasource().listen() ? 1 : 0);
		MongoClient work = MongoClients.create(forWork(common, name(application, "outbox-relay"), connections));
		MongoClient heartbeat = MongoClients
			.create(forHeartbeat(common, name(application, "outbox-lease"), relay.lease()));
		return new RelayClients(work, heartbeat, List.of(work, heartbeat));
	}

	private static RelayClients borrow(OutboxMongoDatabase database, String reason) {
		logger.info("The relay has no client of its own because {}. It uses the application's, and waits for its"
				+ " connections when all of them are in use.", reason);
		return borrow(database);
	}

	private static RelayClients borrow(OutboxMongoDatabase database) {
		return new RelayClients(database.client(), database.client(), List.of());
	}

	/**
	 * Returns what the client is made of that works and listens. How long an operation of
	 * the application may take says nothing of a scan.
	 */
	static MongoClientSettings forWork(MongoClientSettings common, String name, int connections) {
		MongoClientSettings.Builder builder = adapt(common, name, connections, PATIENCE)
			.applyToSocketSettings((own) -> own.readTimeout(
					Math.toIntExact(longer(common.getSocketSettings().getReadTimeout(TimeUnit.MILLISECONDS), PATIENCE)),
					TimeUnit.MILLISECONDS));
		Long limit = common.getTimeout(TimeUnit.MILLISECONDS);
		if (limit != null) {
			// The driver heeds nothing else where there is one.
			builder.timeout(longer(limit, PATIENCE), TimeUnit.MILLISECONDS);
		}
		return builder.build();
	}

	/**
	 * Returns what the client is made of that renews the lease. Its operations have an
	 * end of their own, which the driver heeds over all its attempts and tells the
	 * server: a heartbeat that has failed is tried again while the lease is valid, and
	 * nothing of it goes on at the server.
	 */
	static MongoClientSettings forHeartbeat(MongoClientSettings common, String name, Duration lease) {
		Duration patience = lease.dividedBy(3);
		return adapt(common, name, 1, patience).timeout(patience.toMillis(), TimeUnit.MILLISECONDS).build();
	}

	/**
	 * Returns what a client is made of that connects to where the application's connects
	 * to.
	 * @param patience how long to wait for a server that has vanished
	 */
	private static MongoClientSettings.Builder adapt(MongoClientSettings common, String name, int connections,
			Duration patience) {
		ClusterSettings cluster = common.getClusterSettings();
		SocketSettings socket = common.getSocketSettings();
		return MongoClientSettings.builder(common)
			.applicationName(name)
			.applyToConnectionPoolSettings((pool) -> pool.minSize(0)
				.maxSize(connections)
				.maxWaitTime(POOL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS))
			.applyToClusterSettings((own) -> own.serverSelectionTimeout(
					shorter(cluster.getServerSelectionTimeout(TimeUnit.MILLISECONDS), patience), TimeUnit.MILLISECONDS))
			.applyToSocketSettings((own) -> own.connectTimeout(
					shorter(socket.getConnectTimeout(TimeUnit.MILLISECONDS), patience), TimeUnit.MILLISECONDS));
	}

	/**
	 * Neither 0 nor less is a limit to the driver.
	 */
	private static int shorter(long millis, Duration limit) {
		return Math.toIntExact((millis > 0) ? Math.min(millis, limit.toMillis()) : limit.toMillis());
	}

	private static long longer(long millis, Duration limit) {
		return Math.max(millis, limit.toMillis());
	}

	/**
	 * Lets the database's own tools tell the relay from the application.
	 */
	static String name(@Nullable String application, String role) {
		String name = (application != null) ? application + '-' + role : role;
		return (name.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME) ? name : role;
	}

	/**
	 * Returns the client with which the relay reads, settles and listens.
	 */
	MongoClient work() {
		return this.work;
	}

	/**
	 * Returns the client with which the relay renews its lease.
	 */
	MongoClient heartbeat() {
		return this.heartbeat;
	}

	/**
	 * Returns whether the clients are the application's, which closes them.
	 */
	boolean isBorrowed() {
		return this.own.isEmpty();
	}

	@Override
	public void close() {
		this.own.forEach(MongoClient::close);
	}

}
