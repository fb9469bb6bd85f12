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

package dev.outbox.store.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * All that is made of the migrations of a database. With {@code -Doutbox.docs.write=true}
 * the files are written instead of compared.
 */
class MigrationFilesTests {

	private static final Path MIGRATIONS = Path.of("src/main/resources/dev/outbox/store/jdbc/migration");

	private static final Path CHANGELOG = Path.of("src/main/resources/dev/outbox/db/changelog/outbox.xml");

	private static final Path DOCS = Path.of("..", "docs", "reference", "sql");

	private static final Path PINNED = Path.of("src/test/resources/dev/outbox/store/jdbc/migrations.sha256");

	private static final boolean WRITE = Boolean.getBoolean("outbox.docs.write");

	@ParameterizedTest
	@MethodSource("databases")
	void thePlainSqlInTheDocumentationIsThatOfTheMigrations(Path database) throws IOException {
		String expected = migrations(database).map(MigrationFilesTests::read)
			.collect(Collectors.joining("\n"))
			.replace("${prefix}", "outbox_");
		Path page = DOCS.resolve(database.getFileName() + ".sql");
		if (WRITE) {
			Files.createDirectories(DOCS);
			Files.writeString(page, expected);
		}
		assertThat(page).as("run this test with -Doutbox.docs.write=true").hasContent(expected);
	}

	@ParameterizedTest
	@MethodSource("databases")
	void theChangelogForLiquibaseRunsEachMigration(Path database) throws IOException {
		assertThat(migrations(database)).isNotEmpty()
			.allSatisfy((migration) -> assertThat(read(CHANGELOG))
				.containsOnlyOnce("path=\"dev/outbox/store/jdbc/migration/" + name(migration) + "\""));
	}

	/**
	 * Somebody has run it: Flyway and Liquibase refuse it when it is not the same, and
	 * what it did before would never become what it does now.
	 */
	@Test
	void noMigrationIsEditedOnceItWasReleased() throws IOException {
		String pinned = databases().flatMap(MigrationFilesTests::migrations)
			.map((migration) -> sha256(migration) + "  " + name(migration))
			.collect(Collectors.joining("\n", "", "\n"));
		if (WRITE) {
			Files.writeString(PINNED, pinned);
		}
		assertThat(PINNED)
			.as("A migration has changed. If it was part of a release, take the change back and add a migration with the"
					+ " next number. If it was not (docs/upgrading.md), run this test with -Doutbox.docs.write=true")
			.hasContent(pinned);
	}

	private static List<Path> list(Path folder) {
		try (Stream<Path> files = Files.list(folder)) {
			return files.sorted().toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Stream<Path> databases() {
		return list(MIGRATIONS).stream();
	}

	private static Stream<Path> migrations(Path database) {
		return list(database).stream()
			.sorted(Comparator.comparing((path) -> MigrationScripts.version(path.getFileName().toString())));
	}

	private static String name(Path migration) {
		return migration.getParent().getFileName() + "/" + migration.getFileName();
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String sha256(Path file) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
