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
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a page of the documentation names as {@code Class.method}. The contracts of
 * the test kit are no tests of that module.
 */
final class NamedTests {

	private static final Pattern NUMBERED_ROW = Pattern.compile("(?m)^\\| (\\d+) \\|.*$");

	private static final Pattern TEST = Pattern.compile("`(\\w+(?:Tests|Contract))\\.(\\w+)`");

	private final Path root = root();

	String page(String path) throws IOException {
		return Files.readString(this.root.resolve(path));
	}

	List<MatchResult> namedBy(String text) {
		return TEST.matcher(text).results().toList();
	}

	void assertThatAllExist(String text) throws IOException {
		List<MatchResult> tests = namedBy(text);
		assertThat(tests).isNotEmpty();
		for (MatchResult test : tests) {
			assertThat(sourcesOf(test.group(1))).as(test.group())
				.anyMatch((source) -> source.contains("void " + test.group(2) + "("));
		}
	}

	/**
	 * Asserts that the page has rows with these numbers, and that each names a test.
	 */
	void assertThatEachRowNamesATest(String page, List<Integer> numbers) {
		List<MatchResult> rows = NUMBERED_ROW.matcher(page).results().toList();
		assertThat(rows).extracting((row) -> Integer.valueOf(row.group(1))).containsExactlyElementsOf(numbers);
		assertThat(rows).allSatisfy((row) -> assertThat(namedBy(row.group())).isNotEmpty());
	}

	private List<String> sourcesOf(String testClass) throws IOException {
		try (Stream<Path> modules = Files.list(this.root)) {
			return modules.map((module) -> module.resolve("src"))
				.filter(Files::isDirectory)
				.flatMap((sources) -> find(sources, testClass + ".java"))
				.map(NamedTests::read)
				.toList();
		}
	}

	private static Stream<Path> find(Path folder, String name) {
		try {
			return Files.walk(folder).filter((file) -> file.endsWith(name));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Path root() {
		Path folder = Path.of("").toAbsolutePath();
		while (!Files.exists(folder.resolve("mvnw"))) {
			folder = folder.getParent();
		}
		return folder;
	}

}
