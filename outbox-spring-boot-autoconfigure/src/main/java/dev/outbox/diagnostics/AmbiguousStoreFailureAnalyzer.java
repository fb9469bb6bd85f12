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
 * Explains that it is not clear where events are stored.
 */
final class AmbiguousStoreFailureAnalyzer extends AbstractFailureAnalyzer<AmbiguousStoreException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, AmbiguousStoreException cause) {
		return new FailureAnalysis(
				"There are a DataSource and a MongoTransactionManager, and nothing says which of both databases stores"
						+ " the events.",
				"Set 'outbox.store.type' to the database that the transactions write in which events are published:"
						+ " jdbc, jpa or mongodb. Nothing was written. If you have not defined the DataSource:"
						+ " Spring Boot makes a DataSource of an embedded database that is on the class path, as H2"
						+ " may be for tests.",
				cause);
	}

}
