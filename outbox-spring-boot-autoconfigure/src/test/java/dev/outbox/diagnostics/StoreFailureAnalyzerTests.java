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

package dev.outbox.diagnostics;

import java.util.List;

import dev.outbox.store.mongo.MongoSchemaException;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;

import static org.assertj.core.api.Assertions.assertThat;

class StoreFailureAnalyzerTests {

	@Test
	void namesTheDatabaseThatCannotBeUsed() {
		UnsupportedDatabaseException failure = new UnsupportedDatabaseException("Derby 10.17");
		FailureAnalysis analysis = new UnsupportedDatabaseFailureAnalyzer().analyze(failure, failure);
		assertThat(analysis.getDescription()).startsWith("The data source is connected to Derby 10.17.")
			.endsWith("The outbox cannot be stored there, and was not started.");
		assertThat(analysis.getAction())
			.startsWith("Use PostgreSQL 14, MariaDB 10.6, MySQL 8.0, H2 2.2, SQLite 3.43, SQL Server 2019,"
					+ " Oracle Database 19c or a newer one.")
			.endsWith(" If there is another data source, mark it with @dev.outbox.autoconfigure.OutboxDataSource."
					+ " To do without the outbox, for example in a test, set outbox.enabled=false.");
	}

	@Test
	void namesTheDatabasesOfMongoToChooseFrom() {
		AmbiguousDataSourceException failure = AmbiguousDataSourceException.ofMongo(List.of("orders", "reports"));
		FailureAnalysis analysis = new AmbiguousDataSourceFailureAnalyzer().analyze(failure, failure);
		assertThat(analysis.getDescription()).startsWith("There are several MongoDB databases (orders, reports)");
		assertThat(analysis.getAction()).startsWith("Mark the bean method of the MongoDB database that your business");
	}

	@Test
	void saysWhatIsWrongWithAMongoServer() {
		MongoSchemaException failure = new MongoSchemaException("It is too old", "Use a newer one.");
		FailureAnalysis analysis = new MongoSchemaFailureAnalyzer().analyze(failure, failure);
		assertThat(analysis.getDescription()).isEqualTo("It is too old. The outbox was not started.");
		assertThat(analysis.getAction()).isEqualTo("Use a newer one.");
	}

	@Test
	void namesTheDataSourcesToChooseFrom() {
		AmbiguousDataSourceException failure = new AmbiguousDataSourceException(List.of("orders", "reports"));
		FailureAnalysis analysis = new AmbiguousDataSourceFailureAnalyzer().analyze(failure, failure);
		assertThat(analysis.getDescription()).isEqualTo("There are several data sources (orders, reports), none of them"
				+ " is primary, and nothing says which one the outbox is in. It was not started.");
		assertThat(analysis.getAction()).isEqualTo("Mark the bean method of the data source that your business data"
				+ " is in with @dev.outbox.autoconfigure.OutboxDataSource, or mark it as @Primary.");
	}

}
