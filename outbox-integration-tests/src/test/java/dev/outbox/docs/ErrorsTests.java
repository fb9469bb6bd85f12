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
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

/**
 * A condition that nobody has brought about may be told wrongly.
 */
class ErrorsTests {

	private static final List<Integer> CONDITIONS = IntStream.rangeClosed(1, 15).boxed().toList();

	private final NamedTests tests = new NamedTests();

	@Test
	void everyTestThatThePageNamesExists() throws IOException {
		this.tests.assertThatAllExist(page());
	}

	@Test
	void eachConditionNamesATest() throws IOException {
		this.tests.assertThatEachRowNamesATest(page(), CONDITIONS);
	}

	private String page() throws IOException {
		return this.tests.page("docs/reference/errors.md");
	}

}
