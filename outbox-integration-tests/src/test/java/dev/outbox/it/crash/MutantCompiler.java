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

package dev.outbox.it.crash;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Breaks a class of the relay and compiles it, so that a JVM can run it in the place of
 * the real one.
 */
final class MutantCompiler {

	private static final Path SOURCES = Path.of("..", "outbox-core", "src", "main", "java");

	private MutantCompiler() {
	}

	/**
	 * Compiles a mutant.
	 * @param name a name for its directory
	 * @param source the source file within outbox-core
	 * @param changes what to replace and by what
	 * @return a class path with the mutant before the real classes
	 */
	static String classPath(String name, String source, List<Change> changes) {
		Path directory = Path.of("target", "mutants", name).toAbsolutePath();
		Path mutant = directory.resolve("src").resolve(source);
		Path classes = directory.resolve("classes");
		try {
			String text = Files.readString(SOURCES.resolve(source), StandardCharsets.UTF_8);
			for (Change change : changes) {
				text = change.apply(source, text);
			}
			Files.createDirectories(mutant.getParent());
			Files.createDirectories(classes);
			Files.writeString(mutant, text, StandardCharsets.UTF_8);
			compile(mutant, classes);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return classes + File.pathSeparator + realClassPath();
	}

	static String realClassPath() {
		return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
	}

	private static void compile(Path source, Path classes) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		assertThat(compiler).as("a JDK to compile mutants").isNotNull();
		DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, StandardCharsets.UTF_8)) {
			boolean compiled = compiler
				.getTask(null, files, problems, List.of("-proc:none", "-d", classes.toString(), "-cp", realClassPath()),
						null, files.getJavaFileObjects(source.toFile()))
				.call();
			assertThat(compiled).as("mutant %s: %s", source, errors(problems)).isTrue();
		}
	}

	private static List<? extends Diagnostic<?>> errors(DiagnosticCollector<JavaFileObject> problems) {
		return problems.getDiagnostics()
			.stream()
			.filter((problem) -> problem.getKind() == Diagnostic.Kind.ERROR)
			.toList();
	}

	/**
	 * A replacement of what must be in the source once.
	 *
	 * @param original what is there
	 * @param replacement what takes its place
	 */
	record Change(String original, String replacement) {

		private String apply(String source, String text) {
			int place = text.indexOf(this.original);
			assertThat(place).as("%s has changed, and this mutant has to follow it: no '%s'", source, this.original)
				.isNotNegative();
			assertThat(text.indexOf(this.original, place + 1))
				.as("%s has changed, and this mutant has to follow it: several '%s'", source, this.original)
				.isNegative();
			return text.substring(0, place) + this.replacement + text.substring(place + this.original.length());
		}

	}

}
