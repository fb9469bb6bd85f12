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

import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every library, and every limit that has a table, delivers some events. How fast is not
 * asked.
 */
class LabSmokeTests {

	@Test
	void everyContenderDeliversAll(@TempDir Path out) {
		Options options = Options.parse("--preset=smoke",
				"--contenders=ours,namastack,gruelbox,modulith,hand-written,logical", "--out=" + out);
		Results results = Lab.measure(options);
		LabCase drain = results.cases().get(0);
		assertThat(options.contenders()).hasSize(6).allSatisfy((spec) -> {
			Figures figures = results.of(drain, spec);
			assertThat(figures.notes()).as(spec.id()).isEmpty();
			assertThat(figures.median("share")).as(spec.id()).isEqualTo(1);
		});
		assertThat(results.of(drain, ContenderSpec.OURS).median("outOfOrder")).isZero();
		assertThat(results.of(drain, ContenderSpec.OURS).median("duplicates")).isZero();
		assertThat(out.resolve("results.json")).isRegularFile();
		assertThat(out.resolve("results.md")).isRegularFile();
	}

}
