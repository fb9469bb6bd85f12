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
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Code on the pages that says where it comes from is what stands there.
 */
class SnippetsTests {

	private static final Path ROOT = root();

	private static final Pattern SNIPPET = Pattern.compile("<!-- snippet: (\\S+)#(\\S+) -->\n```\\w+\n(.*?)```",
			Pattern.DOTALL);

	@ParameterizedTest
	@MethodSource("dev.outbox.docs.DocumentationTests#pages")
	void aSnippetIsThePartOfTheFileThatItNames(Path page) throws IOException {
		assertThat(SNIPPET.matcher(Files.readString(ROOT.resolve(page))).results())
			.allSatisfy((snippet) -> assertThat(snippet.group(3)).isEqualTo(source(snippet)));
	}

	private static String source(MatchResult snippet) throws IOException {
		String text = Files.readString(ROOT.resolve(snippet.group(1)));
		String[] parts = text.split("[^\n]*(tag|end)::" + Pattern.quote(snippet.group(2)) + "\\[][^\n]*\n", -1);
		assertThat(parts).as("%s marks %s once", snippet.group(1), snippet.group(2)).hasSize(3);
		return parts[1].stripTrailing().stripIndent() + "\n";
	}

	private static Path root() {
		Path folder = Path.of("").toAbsolutePath();
		while (!Files.exists(folder.resolve("mvnw"))) {
			folder = folder.getParent();
		}
		return folder;
	}

}
