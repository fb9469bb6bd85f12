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

package dev.outbox.lab;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Options}, {@link Cases} and {@link ContenderSpec}.
 */
class OptionsTests {

	@Test
	void byDefaultEverybodyDoesEverything() {
		Options options = Options.parse();
		assertThat(options.contenders()).containsExactly(ContenderSpec.values());
		assertThat(options.preset().name()).isEqualTo("docs");
		assertThat(Cases.of(options)).extracting(LabCase::name)
			.contains("drain-10k", "drain-1M", "payload-100B", "latency-200", "latency-3000", "write-4", "idle",
					"snapshot", "hot-key", "poison-key", "instances-2", "recovery");
	}

	@Test
	void namesOfCasesAreBeginnings() {
		assertThat(Cases.of(Options.parse("drain-1", "idle", "--preset=full"))).extracting(LabCase::name)
			.containsExactly("drain-10k", "drain-100k", "drain-1M", "drain-10M", "idle");
	}

	@Test
	void aWholeNameOfAContenderIsItsOwnAndABeginningThatOfAll() {
		assertThat(ContenderSpec.parse("namastack")).containsExactly(ContenderSpec.NAMASTACK);
		assertThat(ContenderSpec.parse("nama,ours")).containsExactly(ContenderSpec.NAMASTACK,
				ContenderSpec.NAMASTACK_TUNED, ContenderSpec.OURS);
	}

	@Test
	void theLimitsAreOnPostgresAndKafkaOnly() {
		assertThat(Options.parse("--database=mariadb").contenders()).noneMatch(ContenderSpec::isLimit).isNotEmpty();
		assertThat(Options.parse("--broker=rabbit").contenders()).noneMatch(ContenderSpec::isLimit).isNotEmpty();
	}

	@Test
	void peersGetNoMoreThanAHundredThousandEvents() {
		for (Preset preset : List.of(Preset.quick(), Preset.docs(), Preset.full())) {
			assertThat(preset.peersUpTo()).isLessThanOrEqualTo(100_000);
		}
		LabCase largest = Cases.of(Options.parse("drain-10M", "--preset=full")).get(0);
		assertThat(List.of(ContenderSpec.values()).stream().filter(largest.takesPart()))
			.noneMatch(ContenderSpec::isPeer)
			.contains(ContenderSpec.OURS);
	}

	@Test
	void whatIsUnknownStartsNothing() {
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--speed=11"))
			.withMessageContaining("--speed");
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--database=oracle"))
			.withMessageContaining("mariadb");
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--preset=none"))
			.withMessageContaining("docs");
		assertThatIllegalArgumentException().isThrownBy(() -> Options.parse("--contenders=nobody"))
			.withMessageContaining("namastack");
	}

	@Test
	void noContenderSeesTheLibraryOfAnother() {
		String all = "/b/outbox-core/target/classes:/b/outbox-performance-lab/target/classes:/b/outbox-benchmarks/target/classes"
				+ ":/m/outbox-core-1.jar:/m/outbox-spring-boot-autoconfigure-1.jar:/m/namastack-outbox-core-1.jar"
				+ ":/m/transactionoutbox-core-4.jar:/m/spring-modulith-events-core-2.jar:/m/spring-core-7.jar";
		assertThat(ContenderProcess.classPath(all, ContenderSpec.OURS.foreignLibraries())).isEqualTo(
				"/b/outbox-core/target/classes:/b/outbox-performance-lab/target/classes:/b/outbox-benchmarks/target/classes"
						+ ":/m/outbox-core-1.jar:/m/outbox-spring-boot-autoconfigure-1.jar:/m/spring-core-7.jar");
		assertThat(ContenderProcess.classPath(all, ContenderSpec.NAMASTACK_TUNED.foreignLibraries()))
			.isEqualTo("/b/outbox-performance-lab/target/classes:/b/outbox-benchmarks/target/classes"
					+ ":/m/namastack-outbox-core-1.jar:/m/spring-core-7.jar");
	}

}
