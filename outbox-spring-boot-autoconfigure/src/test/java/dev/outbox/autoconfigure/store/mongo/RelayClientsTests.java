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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoTimeoutException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.outbox.autoconfigure.OutboxProperties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.data.mongodb.core.SimpleMongoClientDatabaseFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * No server is needed: clients connect in the background.
 */
class RelayClientsTests {

	private final MongoClient application = MongoClients
		.create("mongodb://127.0.0.1:1/shop?serverSelectionTimeoutMS=1");

	@AfterEach
	void close() {
		this.application.close();
	}

	@Test
	void connectToWhereTheApplicationConnects() {
		try (RelayClients clients = derive(true, Map.of())) {
			assertThat(clients.isBorrowed()).isFalse();
			assertThat(clients.work()).isNotSameAs(clients.heartbeat());
			for (MongoClient client : List.of(clients.work(), clients.heartbeat())) {
				assertThat(client).isNotSameAs(this.application);
				assertThat(client.getClusterDescription().getClusterSettings().getHosts()).extracting(Object::toString)
					.containsExactly("127.0.0.1:2");
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "outbox.relay.datasource.own-pool", "outbox.relay.enabled" })
	void areTheApplicationsWhereNoneAreWanted(String property) {
		assertThatTheyAreBorrowed(derive(true, Map.of(property, "false")));
	}

	@Test
	void areTheApplicationsWhereItHasMadeItsOwn() {
		assertThatTheyAreBorrowed(derive(false, Map.of()));
	}

	private void assertThatTheyAreBorrowed(RelayClients clients) {
		assertThat(clients.isBorrowed()).isTrue();
		assertThat(clients.work()).isSameAs(this.application);
		assertThat(clients.heartbeat()).isSameAs(this.application);
		clients.close();
		// A client that was closed does not even try.
		assertThatExceptionOfType(MongoTimeoutException.class)
			.isThrownBy(() -> this.application.listDatabaseNames().first());
	}

	@Test
	void haveFewConnectionsAndWaitForALimitedTime() {
		MongoClientSettings settings = RelayClients.forWork(settings("mongodb://127.0.0.1:1/shop?minPoolSize=20"),
				"name", 3);
		assertThat(settings.getApplicationName()).isEqualTo("name");
		assertThat(settings.getConnectionPoolSettings().getMinSize()).isZero();
		assertThat(settings.getConnectionPoolSettings().getMaxSize()).isEqualTo(3);
		assertThat(settings.getConnectionPoolSettings().getMaxWaitTime(TimeUnit.SECONDS)).isEqualTo(5);
		assertThat(settings.getClusterSettings().getServerSelectionTimeout(TimeUnit.SECONDS)).isEqualTo(30);
		assertThat(settings.getSocketSettings().getConnectTimeout(TimeUnit.SECONDS)).isEqualTo(10);
		assertThat(settings.getSocketSettings().getReadTimeout(TimeUnit.SECONDS)).isEqualTo(120);
		assertThat(settings.getTimeout(TimeUnit.SECONDS)).isNull();
	}

	/**
	 * The driver repeats what has failed: only a limit to all of it leaves time to try
	 * again while the lease is valid.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "", "?timeoutMS=0", "?timeoutMS=60000", "?socketTimeoutMS=60000" })
	void haveAHeartbeatThatFailsInTimeToBeTriedAgain(String options) {
		MongoClientSettings settings = RelayClients.forHeartbeat(settings("mongodb://127.0.0.1:1/shop" + options),
				"name", Duration.ofSeconds(12));
		assertThat(settings.getConnectionPoolSettings().getMaxSize()).isOne();
		assertThat(settings.getClusterSettings().getServerSelectionTimeout(TimeUnit.SECONDS)).isEqualTo(4);
		assertThat(settings.getSocketSettings().getConnectTimeout(TimeUnit.SECONDS)).isEqualTo(4);
		assertThat(settings.getTimeout(TimeUnit.SECONDS)).isEqualTo(4);
	}

	@Test
	void heedShorterTimesOfTheApplicationToConnect() {
		MongoClientSettings settings = RelayClients.forWork(
				settings("mongodb://127.0.0.1:1/shop?serverSelectionTimeoutMS=100&connectTimeoutMS=200"), "name", 3);
		assertThat(settings.getClusterSettings().getServerSelectionTimeout(TimeUnit.MILLISECONDS)).isEqualTo(100);
		assertThat(settings.getSocketSettings().getConnectTimeout(TimeUnit.MILLISECONDS)).isEqualTo(200);
	}

	/**
	 * A scan takes longer than what an application asks for.
	 */
	@Test
	void heedOnlyLongerTimesOfTheApplicationForAnAnswer() {
		assertThat(forWork("socketTimeoutMS=1000").getSocketSettings().getReadTimeout(TimeUnit.SECONDS)).isEqualTo(120);
		assertThat(forWork("socketTimeoutMS=200000").getSocketSettings().getReadTimeout(TimeUnit.SECONDS))
			.isEqualTo(200);
		assertThat(forWork("timeoutMS=0").getTimeout(TimeUnit.SECONDS)).isEqualTo(120);
		assertThat(forWork("timeoutMS=1000").getTimeout(TimeUnit.SECONDS)).isEqualTo(120);
		assertThat(forWork("timeoutMS=200000").getTimeout(TimeUnit.SECONDS)).isEqualTo(200);
	}

	private static MongoClientSettings forWork(String option) {
		return RelayClients.forWork(settings("mongodb://127.0.0.1:1/shop?" + option), "name", 3);
	}

	@Test
	void areTwoOfWhichTheHeartbeatHasAnEnd() {
		try (RelayClients clients = derive(true, Map.of("outbox.relay.lease", "30s"))) {
			assertThat(clients.work().getTimeout(TimeUnit.SECONDS)).isNull();
			assertThat(clients.heartbeat().getTimeout(TimeUnit.SECONDS)).isEqualTo(10);
		}
	}

	@Test
	void areNamedAfterTheApplicationUnlessTheServerWouldRefuseTheName() {
		assertThat(RelayClients.name(null, "outbox-relay")).isEqualTo("outbox-relay");
		assertThat(RelayClients.name("shop", "outbox-relay")).isEqualTo("shop-outbox-relay");
		assertThat(RelayClients.name("\u00e4".repeat(60), "outbox-relay")).isEqualTo("outbox-relay");
	}

	/**
	 * Spring Boot's customizers name another port than its settings, to tell that they
	 * are heeded.
	 */
	private RelayClients derive(boolean isAutoConfigured, Map<String, String> properties) {
		OutboxMongoDatabase database = new OutboxMongoDatabase(
				new SimpleMongoClientDatabaseFactory(this.application, "shop"), "shop", this.application,
				isAutoConfigured);
		OutboxProperties outbox = new Binder(new MapConfigurationPropertySource(properties)).bindOrCreate("outbox",
				OutboxProperties.class);
		return RelayClients.derive(database, settings("mongodb://127.0.0.1:1"),
				List.of((builder) -> builder.applyConnectionString(new ConnectionString("mongodb://127.0.0.1:2"))),
				outbox.relay(), "shop");
	}

	private static MongoClientSettings settings(String uri) {
		return MongoClientSettings.builder().applyConnectionString(new ConnectionString(uri)).build();
	}

}
