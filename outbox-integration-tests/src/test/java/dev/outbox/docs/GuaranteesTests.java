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
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A guarantee without a test is none.
 */
class GuaranteesTests {

	private static final Path ROOT = root();

	private static final Pattern TEST = Pattern.compile("`(\\w+Tests)\\.(\\w+)`");

	@Test
	void everyTestThatThePageNamesExists() throws IOException {
		List<MatchResult> tests = TEST.matcher(page()).results().toList();
		assertThat(tests).isNotEmpty();
		for (MatchResult test : tests) {
			assertThat(sourcesOf(test.group(1))).as(test.group())
				.anyMatch((source) -> source.contains("void " + test.group(2) + "("));
		}
	}

	@Test
	void everyGuaranteeNamesATest() throws IOException {
		Stream<String> sections = Stream.of(page().split("\n## ")).skip(1);
		assertThat(sections).hasSize(7)
			.filteredOn((section) -> !section.startsWith("Not promised"))
			.allSatisfy((section) -> assertThat(TEST.matcher(section).find()).as(section).isTrue());
	}

	private static String page() throws IOException {
		return Files.readString(ROOT.resolve("docs/guarantees.md"));
	}

	private static List<String> sourcesOf(String testClass) throws IOException {
		try (Stream<Path> modules = Files.list(ROOT)) {
			return modules.map((module) -> module.resolve("src/test/java"))
				.filter(Files::isDirectory)
				.flatMap((sources) -> find(sources, testClass + ".java"))
				.map(GuaranteesTests::read)
				.toList();
		}
	}

	private static Stream<Path> find(Path folder, String name) {
		try {
			return Files.walk(folder).filter((file) -> file.endsWith(name));
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot look into " + folder, ex);
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new IllegalStateException("Cannot read " + file, ex);
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
