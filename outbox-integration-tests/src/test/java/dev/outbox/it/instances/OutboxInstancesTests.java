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

package dev.outbox.it.instances;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariDataSource;
import dev.outbox.OutboxPublisher;
import dev.outbox.OutboxPublishers;
import dev.outbox.TransactionRequiredException;
import dev.outbox.actuate.OutboxInfoContributor;
import dev.outbox.archive.OutboxArchive;
import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.fixtures.mariadb.MariaDbDatabase;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.it.boot.TestApplication;
import dev.outbox.publish.OutboxTemplate;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.MeterNotFoundException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

/**
 * Several outboxes in one application, each with its store, its relay and its meters.
 */
@ExtendWith(OutputCaptureExtension.class)
class OutboxInstancesTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private final PostgresDatabase postgres = PostgresDatabase.fresh();

	private final MariaDbDatabase mariadb = MariaDbDatabase.fresh();

	private String first;

	private String second;

	@BeforeEach
	void createTopics() {
		this.first = KAFKA.uniqueTopic(1);
		this.second = KAFKA.uniqueTopic(1);
	}

	@AfterEach
	void dropDatabases() {
		this.postgres.close();
		this.mariadb.close();
	}

	@Test
	void eachOutboxDeliversWhatWasCommittedInItsDatabase() {
		DataSource billingData;
		try (ConfigurableApplicationContext context = twoOutboxes().run()) {
			TwoOutboxes.Services services = context.getBean(TwoOutboxes.Services.class);
			services.order("o-1");
			services.bill("b-1");
			assertThatExceptionOfType(TransactionRequiredException.class)
				.isThrownBy(() -> services.billInTheWrongTransaction("b-2"));
			await().atMost(PATIENCE).untilAsserted(() -> {
				assertThat(keys(this.first)).containsExactly("o-1");
				assertThat(keys(this.second)).containsExactly("b-1");
				assertThat(waiting(this.postgres, "outbox_event")).isZero();
				assertThat(waiting(this.mariadb, "bill_event")).isZero();
			});
			assertThat(this.postgres.number("SELECT count(*) FROM outbox_instance")).isOne();
			assertThat(this.mariadb.number("SELECT count(*) FROM bill_instance")).isOne();
			billingData = context.getBean("billingData", DataSource.class);
			assertMeters(context.getBean(MeterRegistry.class));
			assertHealth(context.getBean("outboxHealthContributor", CompositeHealthContributor.class));
			assertThat(context.getBean(OutboxInfoContributor.class).details()).containsOnlyKeys("billing", "shop")
				.hasEntrySatisfying("billing", (info) -> assertThat(info.toString())
					.endsWith("store={type=jdbc, database=mariadb}, transports=[kafka, rabbit], relay=true}"));
		}
		assertThat(this.postgres.number("SELECT count(*) FROM outbox_instance")).isZero();
		assertThat(this.mariadb.number("SELECT count(*) FROM bill_instance")).isZero();
		assertThat(billingData).isInstanceOfSatisfying(HikariDataSource.class,
				(pool) -> assertThat(pool.isClosed()).isTrue());
	}

	private static void assertMeters(MeterRegistry meters) {
		for (String outbox : List.of("billing", "shop")) {
			await().atMost(PATIENCE)
				.ignoreExceptionsInstanceOf(MeterNotFoundException.class)
				.untilAsserted(() -> assertThat(meters.get("outbox.published").tag("outbox", outbox).counter().count())
					.isOne());
			assertThat(meters.get("outbox.relay.owned").tag("outbox", outbox).gauge().value()).isEqualTo(64);
		}
	}

	private static void assertHealth(CompositeHealthContributor health) {
		assertThat(health.stream().map(CompositeHealthContributor.Entry::name)).containsExactly("billing", "shop");
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(health.stream().map((entry) -> (HealthIndicator) entry.contributor()))
				.allSatisfy((indicator) -> assertThat(indicator.health().getStatus()).isEqualTo(Status.UP)));
	}

	@Test
	void tenantsHaveAnOutboxEachInSchemasOfOneDatabase() {
		this.postgres.sql("CREATE SCHEMA north", "CREATE SCHEMA south");
		try (ConfigurableApplicationContext context = tenants().run()) {
			Tenants.Services services = context.getBean(Tenants.Services.class);
			OutboxPublishers publishers = context.getBean(OutboxPublishers.class);
			assertThat(publishers.names()).containsExactly("north", "south");
			services.order("north", "n-1", false);
			services.order("south", "s-1", false);
			assertThatIllegalStateException().isThrownBy(() -> services.order("south", "s-2", true));
			assertThatIllegalArgumentException().isThrownBy(() -> services.order("east", "e-1", false))
				.withMessageContaining("There is no outbox 'east', but [north, south]")
				.withMessageContaining("outbox.instances.east");
			services.orderByApplicationEvent("n-2");
			await().atMost(PATIENCE).untilAsserted(() -> {
				assertThat(keys(this.first)).containsExactlyInAnyOrder("n-1", "n-2");
				assertThat(keys(this.second)).containsExactly("s-1");
			});
		}
	}

	@Test
	void anEventThatNoneCapturesIsReportedUnlessThatIsMeant(CapturedOutput output) {
		String warning = "stored in none of the outboxes [billing, shop]";
		TestApplication application = twoOutboxes().with("outbox.relay.enabled=false");
		try (ConfigurableApplicationContext context = application.run()) {
			context.publishEvent(new Placed("p-1"));
			assertThat(output).containsOnlyOnce(warning);
			assertThat(waiting(this.postgres, "outbox_event")).isZero();
		}
		try (ConfigurableApplicationContext context = application
			.with("outbox.instances.shop.write.capture-events=false")
			.run()) {
			context.publishEvent(new Placed("p-2"));
			assertThat(output).containsOnlyOnce(warning);
		}
	}

	@Test
	void withoutAQualifierNoneIsInjected() {
		this.postgres.sql("CREATE SCHEMA north", "CREATE SCHEMA south");
		try (ConfigurableApplicationContext context = tenants().with("outbox.relay.enabled=false").run()) {
			assertThatThrownBy(() -> context.getAutowireCapableBeanFactory().createBean(NeedsPublisher.class))
				.rootCause()
				.isInstanceOf(NoSuchBeanDefinitionException.class);
			assertThat(BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), OutboxTemplate.class,
					"north"))
				.isNotNull();
			assertThat(BeanFactoryAnnotationUtils.qualifiedBeanOfType(context.getBeanFactory(), OutboxArchive.class,
					"north"))
				.isNotNull();
		}
	}

	private TestApplication twoOutboxes() {
		return TestApplication.of(TwoOutboxes.class, this.postgres)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY,
					"billing.datasource.url=" + this.mariadb.jdbcUrl(),
					"billing.datasource.username=" + this.mariadb.user(),
					"billing.datasource.password=" + this.mariadb.password(), "outbox.metrics.interval=200ms",
					"outbox.instances.shop.routes.[thing.placed].destination=" + this.first,
					"outbox.instances.billing.store.data-source=billingData",
					"outbox.instances.billing.store.table-prefix=bill_",
					"outbox.instances.billing.routes.[thing.placed].destination=" + this.second);
	}

	private TestApplication tenants() {
		return TestApplication.of(Tenants.class, this.postgres)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY,
					"outbox.instances.north.store.schema=north",
					"outbox.instances.north.routes.[thing.placed].destination=" + this.first,
					"outbox.instances.north.write.capture-events=true", "outbox.instances.south.store.schema=south",
					"outbox.instances.south.routes.[thing.placed].destination=" + this.second);
	}

	private static Stream<String> keys(String topic) {
		return KAFKA.readAll(topic).stream().map(KafkaRecord::key);
	}

	private static long waiting(TestDatabase<?> database, String table) {
		return database.number("SELECT count(*) FROM " + table);
	}

	/**
	 * Does not say which one.
	 */
	static class NeedsPublisher {

		NeedsPublisher(OutboxPublisher publisher) {
			assertThat(publisher).isNotNull();
		}

	}

}
