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

package dev.outbox.store.jdbc;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.outbox.OutboxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class JsonValuesTests {

	private final JsonValues json = new JsonValues();

	@Test
	void valuesComeBackWithTheirTypes() {
		Map<String, Object> values = new LinkedHashMap<>();
		values.put("text", "tëxt \"quoted\" 😀");
		values.put("flag", true);
		values.put("number", -5);
		values.put("long", 5L);
		values.put("double", 5.0);
		values.put("bytes", new byte[] { 0, -1 });
		assertThat(this.json.read(this.json.write(values))).usingRecursiveComparison().isEqualTo(values);
	}

	@Test
	void nothingIsStoredAsNothing() {
		assertThat(this.json.write(Map.of())).isNull();
		assertThat(this.json.read(null)).isEmpty();
		assertThat(this.json.read("{}")).isEmpty();
	}

	@Test
	void aValueOfAnotherTypeIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.json.write(Map.of("when", Double.NaN)))
			.withMessageContaining("'when'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "[]", "1", "\"secret\"", "{\"a\":null}", "{\"a\":[\"secret\"]}", "{\"a\":3000000000}",
			"{\"a\":{}}", "{\"a\":{\"long\":\"secret\"}}", "{\"a\":{\"long\":5,\"x\":6}}",
			"{\"a\":{\"date\":\"secret\"}}", "{\"a\":{\"bytes\":\"%secret\"}}", "{\"a\":{\"bytes\":5}}",
			"{\"a\":\"secret\"", "{\"a\":", "{} secret", "{\"a\":{\"long\":{}}}" })
	void whatSomethingElseHasWrittenIsReportedAndNotQuoted(String text) {
		assertThatExceptionOfType(OutboxException.class).isThrownBy(() -> this.json.read(text))
			.satisfies((thrown) -> assertThat(thrown.getMessage()).doesNotContain("secret", "3000000000"));
	}

}
