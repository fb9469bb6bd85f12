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

package dev.outbox.docs;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A bug that others have had is one that we can have.
 */
class TrapsTests {

	private static final List<Integer> SHOWN = List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 19, 21, 22,
			23, 24, 25);

	private final NamedTests tests = new NamedTests();

	@Test
	void everyTestThatThePageNamesExists() throws IOException {
		this.tests.assertThatAllExist(page());
	}

	@Test
	void eachOfTheTrapsNamesATest() throws IOException {
		this.tests.assertThatEachRowNamesATest(page(), SHOWN);
	}

	/**
	 * Whoever looks for the test of one of the stores' traps finds it by its number.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 9, 12, 13, 14 })
	void aTrapOfTheStoresHasATestWithItsNumber(int trap) throws IOException {
		assertThat(page().lines().filter((line) -> line.startsWith("| " + trap + " |"))).singleElement()
			.asString()
			.contains(".trap" + trap);
	}

	private String page() throws IOException {
		return this.tests.page("docs/traps.md");
	}

}
