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
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the pages refer to is there.
 */
class DocumentationTests {

	private static final Path ROOT = root();

	private static final Pattern LINK = Pattern.compile("]\\((?!https?:|mailto:|#)([^)#\\s]+)(#[^)]*)?\\)");

	@ParameterizedTest
	@MethodSource("pages")
	void aPageLinksOnlyToFilesThatExist(Path page) throws IOException {
		Path folder = ROOT.resolve(page).getParent();
		assertThat(LINK.matcher(Files.readString(ROOT.resolve(page))).results().map((match) -> match.group(1)))
			.allSatisfy((link) -> assertThat(folder.resolve(link)).exists());
	}

	@Test
	void everyDecisionIsInTheIndexUnderItsTitle() throws IOException {
		Path folder = ROOT.resolve("docs/adr");
		String index = Files.readString(folder.resolve("README.md"));
		assertThat(decisions(folder)).isNotEmpty().allSatisfy((decision) -> {
			String number = decision.getFileName().toString().substring(0, 4);
			String title = Files.readAllLines(decision).get(0).replaceFirst("^# \\d+\\. ", "");
			assertThat(index).contains("| [" + number + "](" + decision.getFileName() + ") | " + title + " |");
		});
	}

	private static List<Path> decisions(Path folder) throws IOException {
		try (Stream<Path> files = Files.list(folder)) {
			return files.filter((file) -> file.getFileName().toString().matches("\\d{4}-.*\\.md")).toList();
		}
	}

	static List<Path> pages() throws IOException {
		try (Stream<Path> files = Stream.concat(markdownIn(ROOT, 1), markdownIn(ROOT.resolve("docs"), 9))) {
			return files.map(ROOT::relativize).sorted().toList();
		}
	}

	private static Stream<Path> markdownIn(Path folder, int depth) {
		try {
			return Files.walk(folder, depth).filter((file) -> file.toString().endsWith(".md"));
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
