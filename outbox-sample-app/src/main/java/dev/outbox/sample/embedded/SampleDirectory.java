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
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

import org.springframework.util.FileSystemUtils;

/**
 * Where the embedded servers keep their data. An orderly stop deletes it; after a crash
 * the next start finds what had been committed. What is not of the servers is left alone.
 */
final class SampleDirectory implements AutoCloseable {

	static final String POSTGRES = "postgres";

	static final String KAFKA = "kafka";

	private static final String LOCK = "lock";

	private final Path path;

	private final FileChannel lock;

	private final boolean fresh;

	private SampleDirectory(Path path, FileChannel lock, boolean fresh) {
		this.path = path;
		this.lock = lock;
		this.fresh = fresh;
	}

	static SampleDirectory lock(Path path) throws IOException {
		Files.createDirectories(path);
		List<Path> content = contentOf(path);
		// The lock is the first to come and the last to go: the rest is not the sample's.
		if (!content.isEmpty() && !content.contains(path.resolve(LOCK))) {
			throw new IllegalStateException("The directory " + path
					+ " is not empty, and not the sample's; nothing in it"
					+ " was touched; set sample.embedded.directory to a directory that is empty or does not exist");
		}
		FileChannel lock = FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		if (!isTaken(lock)) {
			lock.close();
			throw new IllegalStateException("Another sample application uses " + path
					+ "; nothing was started; stop it, or set sample.embedded.directory to another directory");
		}
		return new SampleDirectory(path, lock, content.isEmpty());
	}

	private static List<Path> contentOf(Path path) throws IOException {
		try (Stream<Path> content = Files.list(path)) {
			return content.toList();
		}
	}

	private static boolean isTaken(FileChannel lock) throws IOException {
		try {
			return lock.tryLock() != null;
		}
		catch (OverlappingFileLockException anotherInThisJvm) {
			return false;
		}
	}

	Path resolve(String name) {
		return this.path.resolve(name);
	}

	/**
	 * Leave the directory as it was found: empty, or with what a crash has left.
	 */
	void giveUp() throws IOException {
		if (this.fresh) {
			close();
		}
		else {
			this.lock.close();
		}
	}

	@Override
	public void close() throws IOException {
		FileSystemUtils.deleteRecursively(this.path.resolve(POSTGRES));
		FileSystemUtils.deleteRecursively(this.path.resolve(KAFKA));
		Files.deleteIfExists(this.path.resolve(LOCK));
		this.lock.close();
		try {
			Files.deleteIfExists(this.path);
		}
		catch (DirectoryNotEmptyException ex) {
			// Somebody has put something there, which is not the sample's.
		}
	}

}
