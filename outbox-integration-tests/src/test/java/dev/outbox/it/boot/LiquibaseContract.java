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

package dev.outbox.it.boot;

import dev.outbox.fixtures.jdbc.TestDatabase;
import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.it.store.Catalogue;
import dev.outbox.it.store.Product;
import dev.outbox.store.jdbc.MissingSchemaException;
import dev.outbox.store.jdbc.OutboxSchema;
import dev.outbox.store.jdbc.TableNames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * An application that lets Liquibase create its tables and those of the outbox.
 */
abstract class LiquibaseContract {

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	private static final TableNames TABLES = new TableNames(null, "outbox_");

	private final TestDatabase<?> database;

	LiquibaseContract(TestDatabase<?> database) {
		this.database = database;
	}

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "auto", "validate" })
	void theChangelogOfTheApplicationCreatesTheTablesBeforeTheOutboxLooksForThem(String mode) {
		OutboxSchema schema = new OutboxSchema(Product.of(this.database).dialect(), this.database.dataSource(), TABLES);
		schema.create();
		Object created = Catalogue.of(this.database, schemaName());
		this.database.close();
		String topic = KAFKA.uniqueTopic(1);
		try (ConfigurableApplicationContext context = application()
			.with("outbox.schema.mode=" + mode, "outbox.routes.[order.placed].destination=" + topic)
			.run()) {
			assertThat(this.database.query("SELECT exectype FROM DATABASECHANGELOG WHERE author = 'dev.outbox'"))
				.extracting((row) -> row.values().iterator().next())
				.containsExactly("EXECUTED");
			assertThat(Catalogue.of(this.database, schemaName())).isEqualTo(created);
			context.getBean(Orders.class).place("o-1", 1);
			await().untilAsserted(() -> assertThat(this.database.number("SELECT count(*) FROM outbox_event")).isZero());
			assertThat(KAFKA.readAll(topic)).extracting(KafkaRecord::key).containsExactly("o-1");
		}
	}

	@Test
	void withoutTheChangelogValidatingNamesWhatIsMissing() {
		Throwable failure = catchThrowable(() -> application()
			.with("outbox.schema.mode=validate", "spring.liquibase.change-log=classpath:it/liquibase/empty.xml")
			.run());
		assertThat(failure).hasRootCauseInstanceOf(MissingSchemaException.class);
	}

	private TestApplication application() {
		return TestApplication.of(JdbcApplication.class, this.database)
			.on(KAFKA)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "spring.liquibase.enabled=true",
					"spring.liquibase.change-log=classpath:it/liquibase/changelog.xml");
	}

	private String schemaName() {
		return switch (Product.of(this.database)) {
			case POSTGRESQL -> "public";
			case H2 -> "PUBLIC";
			case SQLSERVER -> "dbo";
			default -> this.database.name();
		};
	}

}
