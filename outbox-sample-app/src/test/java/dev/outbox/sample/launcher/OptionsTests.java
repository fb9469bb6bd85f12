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

package dev.outbox.sample.launcher;

import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.convert.ConversionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class OptionsTests {

	@Test
	void everythingIsEmbeddedUnlessSaidOtherwise() {
		Options options = Options.of();
		assertThat(options.isDatabaseEmbedded()).isTrue();
		assertThat(options.isBrokerEmbedded()).isTrue();
		assertThat(options.firstPort()).isEqualTo(8080);
		assertThat(options.secondPort()).isEqualTo(8081);
	}

	@ParameterizedTest
	@CsvSource({ "rabbit, true, false", "mysql, false, true", "mongo, false, false", "compose, false, false",
			"external, false, false", "'mysql, rabbit', false, false" })
	void aProfileSaysWhatIsElsewhere(String profiles, boolean database, boolean broker) {
		Options options = Options.of("--spring.profiles.active=" + profiles);
		assertThat(options.isDatabaseEmbedded()).isEqualTo(database);
		assertThat(options.isBrokerEmbedded()).isEqualTo(broker);
	}

	@Test
	void anInstanceGetsAllArgumentsAndNoServersOfItsOwn() {
		Options options = Options.of("--spring.profiles.active=rabbit", "--server.port=9000", "--debug",
				"--logging.level.root=info");
		assertThat(options.forInstance(Map.of("server.port", "9001")))
			.contains("--server.port=9001", "--debug", "--spring.profiles.active=rabbit,external",
					"--logging.level.root=info")
			.doesNotContain("--server.port=9000");
	}

	@Test
	void theSecondPortIsTheNextOneOrThatWhichIsSaid() {
		assertThat(Options.of("--server.port=9000").secondPort()).isEqualTo(9001);
		assertThat(Options.of("--server.port=0").secondPort()).isZero();
		assertThat(Options.of("--sample.second-port=7000").secondPort()).isEqualTo(7000);
	}

	@Test
	void theDirectoryOfTheServersCanBeSaid() {
		assertThat(Options.of("--sample.embedded.directory=target/there").directory())
			.isEqualTo(Path.of("target/there"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "--server.port=a", "--sample.second-port=b", "--sample.aot=perhaps" })
	void whatIsWrongWithThemIsFoundBeforeTheServersStart(String wrong, @TempDir Path folder) {
		Path directory = folder.resolve("sample");
		Options options = Options.of(wrong, "--sample.embedded.directory=" + directory);
		assertThatExceptionOfType(ConversionException.class).isThrownBy(() -> new Shop(options));
		assertThat(directory).doesNotExist();
	}

}
