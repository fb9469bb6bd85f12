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

package dev.outbox.it.store;

import java.util.List;
import java.util.stream.Stream;

import dev.outbox.test.contract.ScanContract;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The contracts of the stores as a whole.
 */
class StoreContractsTests {

	private static final List<Class<?>> CONTRACTS = List.of(ArchiveStoreContract.class, BacklogStoreContract.class,
			DatabaseDeadLetterContract.class, EventWriterContract.class, DatabaseHousekeepingStoreContract.class,
			DatabaseLeaseStoreContract.class, OperatorContract.class, ScanContract.class,
			DatabaseSettlingContract.class);

	/**
	 * Trap 12: statements that are written for one database run on another one, where
	 * they fail or do nothing.
	 */
	@ParameterizedTest
	@MethodSource("databases")
	void trap12EveryDatabaseRunsEveryContract(String database) {
		assertThat(CONTRACTS).allSatisfy((contract) -> {
			String name = getClass().getPackageName() + '.' + database
					+ contract.getSimpleName().replace("Database", "").replace("Contract", "Tests");
			assertThat(contract).isAssignableFrom(Class.forName(name));
		});
	}

	/**
	 * Returns what the names of the tests of each database begin with.
	 */
	static Stream<String> databases() {
		return Stream.concat(
				Stream.of(Product.values())
					.map((product) -> product.dialect().getClass().getSimpleName().replace("Dialect", "")),
				Stream.of("Mongo"));
	}

}
