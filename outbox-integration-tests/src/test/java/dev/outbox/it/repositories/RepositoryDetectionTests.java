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

package dev.outbox.it.repositories;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import dev.outbox.fixtures.mongo.MongoTestDatabase;
import dev.outbox.fixtures.process.ForkedJvm;
import dev.outbox.it.boot.NonRelational;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Spring Data is strict where it finds two of its modules: it leaves out repositories
 * that do not say which of them they are for. The outbox is no reason for it.
 */
class RepositoryDetectionTests {

	private static final Pattern DEPENDENCY = Pattern.compile("<dependency>.*?</dependency>", Pattern.DOTALL);

	@RegisterExtension
	static final MongoTestDatabase DATABASE = MongoTestDatabase.fresh();

	@Test
	void aRepositoryThatDoesNotSayWhereItIsIsFoundInMongo() {
		try (ForkedJvm application = ForkedJvm.of(LibraryApplication.class)
			.classPath(NonRelational.classPath())
			.arguments("spring.mongodb.uri=" + DATABASE.uri(), "outbox.relay.enabled=false",
					"outbox.routes.[book.added].destination=books")
			.start()) {
			assertThat(application.awaitExit()).isZero();
		}
		assertThat(DATABASE.database().getCollection("book").countDocuments()).isOne();
		assertThat(DATABASE.database().getCollection("outbox_event").countDocuments()).isOne();
	}

	/**
	 * Whoever depends on them gets what is not optional.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "outbox-core", "outbox-spring-boot-autoconfigure", "outbox-spring-boot-starter" })
	void theStarterBringsNoModuleOfSpringData(String module) throws IOException {
		List<String> dependencies = DEPENDENCY.matcher(Files.readString(Path.of("..", module, "pom.xml")))
			.results()
			.map((found) -> found.group())
			.toList();
		assertThat(dependencies).isNotEmpty()
			.filteredOn((dependency) -> dependency.contains("spring-data") || dependency.contains("-data-"))
			.allSatisfy((dependency) -> assertThat(dependency).containsAnyOf("<optional>true</optional>",
					"<scope>test</scope>"));
	}

}
