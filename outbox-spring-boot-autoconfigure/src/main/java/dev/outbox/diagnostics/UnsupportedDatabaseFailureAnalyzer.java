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

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Explains that the database is not one that the outbox can be stored in.
 */
final class UnsupportedDatabaseFailureAnalyzer extends AbstractFailureAnalyzer<UnsupportedDatabaseException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, UnsupportedDatabaseException cause) {
		return new FailureAnalysis(
				"The data source is connected to " + cause.getProduct()
						+ ". The outbox cannot be stored there, and was not started.",
				"Use PostgreSQL 14, MariaDB 10.6, MySQL 8.0, H2 2.2, SQLite 3.43, SQL Server 2019,"
						+ " Oracle Database 19c or a newer one." + " If there is another data source, mark it with "
						+ "@dev.outbox.autoconfigure.OutboxDataSource. To do without the outbox, for example in a "
						+ "test, set outbox.enabled=false.",
				cause);
	}

}
