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

package dev.outbox.it.devtools;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Looks into another JVM of this user, with {@code jcmd} of the JDK.
 *
 * @param pid the process id of the JVM
 */
record WatchedJvm(long pid) {

	/**
	 * Returns the sorted names of the threads of the JVM that are alive.
	 */
	List<String> threads() {
		return ask("Thread.print").filter((line) -> line.startsWith("\""))
			.map((line) -> line.substring(1, line.indexOf('"', 1)))
			.sorted()
			.toList();
	}

	/**
	 * Collects garbage, and returns how many objects of a class are left.
	 */
	long count(String className) {
		// Number, objects, bytes, name, and perhaps a module.
		return ask("GC.class_histogram").map((line) -> line.strip().split("\\s+"))
			.filter((columns) -> columns.length > 3 && columns[3].equals(className))
			.mapToLong((columns) -> Long.parseLong(columns[1]))
			.sum();
	}

	private Stream<String> ask(String command) {
		String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
		try {
			Process process = new ProcessBuilder(jcmd, Long.toString(this.pid), command).redirectErrorStream(true)
				.start();
			return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
