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

import dev.outbox.OutboxPublishers;
import dev.outbox.diagnostics.SharedTablesException;
import dev.outbox.fixtures.h2.H2Database;
import dev.outbox.it.boot.TestApplication;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Several outboxes in one database have tables of their own.
 */
@ExtendWith(OutputCaptureExtension.class)
class SharedTablesTests {

	private final H2Database database = H2Database.fresh();

	@AfterEach
	void dropDatabase() {
		this.database.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "outbox.instances.b.source=b", "outbox.instances.b.store.table-prefix=outbox_" })
	void twoOutboxesOnTheSameTablesAreRefused(String second, CapturedOutput output) {
		assertThatThrownBy(() -> application(second).run()).rootCause()
			.isInstanceOf(SharedTablesException.class)
			.hasMessageContaining("The outboxes 'a' and 'b' have the same tables, 'outbox_...'")
			.hasMessageContaining("outbox.instances.b.store.table-prefix");
		assertThat(output).contains("The outboxes 'a' and 'b' have the same tables, 'outbox_...' of one data source.",
				"Set 'outbox.instances.b.store.table-prefix' to a prefix of its own");
	}

	@ParameterizedTest
	@ValueSource(strings = { "outbox.instances.b.store.table-prefix=b_", "outbox.instances.b.store.schema=b" })
	void aPrefixOrASchemaTellsThemApart(String second) {
		this.database.sql("CREATE SCHEMA b");
		try (ConfigurableApplicationContext context = application(second).run()) {
			assertThat(context.getBean(OutboxPublishers.class).names()).containsExactly("a", "b");
		}
	}

	private TestApplication application(String second) {
		return TestApplication.of(Tenants.class, this.database)
			.with(TestApplication.WITHOUT_JPA, TestApplication.WITHOUT_FLYWAY, "outbox.relay.enabled=false",
					"outbox.transport=kafka", "outbox.instances.a.source=a", second);
	}

}
