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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The Chinese README says what the English one says, as far as that can be compared.
 */
class TranslationTests {

	private static final Path ROOT = root();

	private static final Pattern CODE = Pattern.compile("^```.*?^```", Pattern.DOTALL | Pattern.MULTILINE);

	private static final Pattern HEADING = Pattern.compile("^#+ ", Pattern.MULTILINE);

	private static final Pattern LINK = Pattern.compile("]\\(([^)]+)\\)");

	private static final Pattern NUMBER = Pattern.compile("\\d[\\d.,]*\\d|\\d");

	@Test
	void headingsAreTheSameInNumberAndDepth() throws IOException {
		assertThat(all(HEADING, withoutCode("README.zh-CN.md"))).isEqualTo(all(HEADING, withoutCode("README.md")));
	}

	@Test
	void codeIsTheSame() throws IOException {
		assertThat(all(CODE, read("README.zh-CN.md"))).isEqualTo(all(CODE, read("README.md")));
	}

	/**
	 * Each line of a table has the same numbers: versions, figures and sizes.
	 */
	@Test
	void tablesHaveTheSameLinesAndNumbers() throws IOException {
		assertThat(tables("README.zh-CN.md")).isEqualTo(tables("README.md"));
	}

	@Test
	void whatIsLinkedIsTheSame() throws IOException {
		assertThat(links("README.zh-CN.md")).containsExactlyInAnyOrderElementsOf(links("README.md"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "README.md", "README.zh-CN.md" })
	void eachNamesTheOther(String page) throws IOException {
		assertThat(read(page)).contains(page.equals("README.md") ? "](README.zh-CN.md)" : "](README.md)");
	}

	private static List<List<String>> tables(String page) throws IOException {
		return withoutCode(page).lines()
			.filter((line) -> line.startsWith("|"))
			.map((line) -> all(NUMBER, line))
			.toList();
	}

	private static List<String> links(String page) throws IOException {
		return LINK.matcher(read(page))
			.results()
			.map((link) -> link.group(1))
			.filter((link) -> !link.startsWith("README"))
			.toList();
	}

	private static List<String> all(Pattern pattern, String text) {
		return pattern.matcher(text).results().map(MatchResult::group).toList();
	}

	private static String withoutCode(String page) throws IOException {
		return CODE.matcher(read(page)).replaceAll("");
	}

	private static String read(String page) throws IOException {
		return Files.readString(ROOT.resolve(page));
	}

	private static Path root() {
		Path folder = Path.of("").toAbsolutePath();
		while (!Files.exists(folder.resolve("mvnw"))) {
			folder = folder.getParent();
		}
		return folder;
	}

}
