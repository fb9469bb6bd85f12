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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.springframework.util.FileSystemUtils;

/**
 * Where the embedded servers keep their data. An orderly stop deletes it; after a crash
 * the next start finds what had been committed.
 */
final class SampleDirectory implements AutoCloseable {

	private final Path path;

	private final FileChannel lock;

	private SampleDirectory(Path path, FileChannel lock) {
		this.path = path;
		this.lock = lock;
	}

	static SampleDirectory lock(Path path) throws IOException {
		Files.createDirectories(path);
		FileChannel lock = FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
		if (!isTaken(lock)) {
			lock.close();
			throw new IllegalStateException("Another sample application uses " + path
					+ "; nothing was started; stop it, or set sample.embedded.directory to another directory");
		}
		return new SampleDirectory(path, lock);
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

	@Override
	public void close() throws IOException {
		FileSystemUtils.deleteRecursively(this.path);
		this.lock.close();
	}

}
