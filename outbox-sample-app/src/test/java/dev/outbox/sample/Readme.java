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

package dev.outbox.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What README.md tells a newcomer to type and to write.
 */
final class Readme {

	private static final Path ROOT = root();

	private static final Pattern BLOCK = Pattern.compile("(?:<!-- snippet: (\\S+)#(\\S+) -->\n)?```(\\w+)\n(.*?)```",
			Pattern.DOTALL);

	private static final Pattern CURL = Pattern
		.compile("curl -s localhost:8080(\\S+)(?: -H '([^']+): ([^']+)' -d '([^']+)')?");

	private Readme() {
	}

	/** All blocks of code. */
	static List<Block> blocks() {
		return BLOCK.matcher(read(ROOT.resolve("README.md"))).results().map(Block::of).toList();
	}

	/** All calls of {@code curl}, in their order. */
	static List<Curl> curls() {
		return blocks().stream()
			.filter((block) -> block.language().equals("sh"))
			.flatMap((block) -> CURL.matcher(block.code()).results())
			.map((match) -> new Curl(match.group(1), match.group(2), match.group(3), match.group(4)))
			.toList();
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

	/**
	 * A block of code.
	 *
	 * @param file where it comes from, {@code null} if it does not say
	 * @param tag name of the part of the file
	 */
	record Block(String file, String tag, String language, String code) {

		private static Block of(MatchResult match) {
			return new Block(match.group(1), match.group(2), match.group(3), match.group(4));
		}

		/** The text between the marks in the file, with the indentation taken off. */
		String source() {
			String text = read(ROOT.resolve(this.file));
			String[] parts = text.split("[^\n]*(tag|end)::" + Pattern.quote(this.tag) + "\\[][^\n]*\n", -1);
			if (parts.length != 3) {
				throw new IllegalStateException(this.file + " does not mark " + this.tag + " once");
			}
			return parts[1].stripTrailing().stripIndent() + "\n";
		}

	}

	/** A call of {@code curl}. */
	record Curl(String path, String headerName, String headerValue, String body) {
	}

}
