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

package dev.outbox.sample.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class SampleDirectoryTests {

	@TempDir
	private Path folder;

	private Path path;

	@BeforeEach
	void choose() {
		this.path = this.folder.resolve("sample");
	}

	@Test
	void whatOfTheServersIsThereIsDeletedWithTheDirectory() throws IOException {
		SampleDirectory directory = SampleDirectory.lock(this.path);
		writeData(directory);
		directory.close();
		assertThat(this.path).doesNotExist();
	}

	@Test
	void whatSomebodyElseHasPutThereIsLeftAlone() throws IOException {
		SampleDirectory directory = SampleDirectory.lock(this.path);
		writeData(directory);
		Path other = Files.writeString(Files.createDirectory(this.path.resolve("other")).resolve("thesis.txt"), "long");
		directory.close();
		assertThat(other).hasContent("long");
		assertThat(this.path.toFile().list()).containsExactly("other");
	}

	@Test
	void aDirectoryOfSomebodyElseIsRefusedAndNotTouched() throws IOException {
		Files.createDirectories(this.path.resolve("postgres"));
		assertThatIllegalStateException().isThrownBy(() -> SampleDirectory.lock(this.path))
			.withMessageContaining(this.path.toString())
			.withMessageContaining("sample.embedded.directory");
		assertThat(this.path.toFile().list()).containsExactly("postgres");
	}

	@Test
	void anEmptyDirectoryIsTaken() throws IOException {
		Files.createDirectories(this.path);
		SampleDirectory.lock(this.path).close();
		assertThat(this.path).doesNotExist();
	}

	@Test
	void aStartThatFailsLeavesWhatACrashHasLeft() throws IOException {
		Files.createDirectories(this.path);
		Files.createFile(this.path.resolve("lock"));
		Path data = Files.createFile(Files.createDirectory(this.path.resolve("kafka")).resolve("segment"));
		SampleDirectory.lock(this.path).giveUp();
		assertThat(data).exists();
		SampleDirectory.lock(this.path).close();
		assertThat(this.path).doesNotExist();
	}

	@Test
	void aFirstStartThatFailsLeavesNothing() throws IOException {
		SampleDirectory directory = SampleDirectory.lock(this.path);
		writeData(directory);
		directory.giveUp();
		assertThat(this.path).doesNotExist();
	}

	@Test
	void twoAtATimeDoNotShareADirectory() throws IOException {
		try (SampleDirectory directory = SampleDirectory.lock(this.path)) {
			writeData(directory);
			assertThatIllegalStateException().isThrownBy(() -> SampleDirectory.lock(this.path))
				.withMessageContaining("Another sample application");
		}
	}

	private static void writeData(SampleDirectory directory) throws IOException {
		for (String server : new String[] { "postgres", "kafka" }) {
			Files.createFile(Files.createDirectories(directory.resolve(server).resolve("base")).resolve("1"));
		}
	}

}
