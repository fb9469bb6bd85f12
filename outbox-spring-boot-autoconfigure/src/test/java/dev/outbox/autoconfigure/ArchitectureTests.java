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

package dev.outbox.autoconfigure;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * What may import what. A package that does not exist passes.
 */
class ArchitectureTests {

	private static final JavaClasses CLASSES = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
		.withImportOption((location) -> !location.contains("/outbox-core/"))
		.importPackages("dev.outbox");

	@Test
	void theClassesOfThisModuleAreRead() {
		assertThat(CLASSES.contain("dev.outbox.autoconfigure.package-info")).isTrue();
		assertThat(CLASSES.contain(ArchitectureTests.class)).isFalse();
	}

	@Test
	void packagesFormNoCycle() {
		check(slices().matching("dev.outbox.(**)").should().beFreeOfCycles());
	}

	@Test
	void thePackagesOfTheLibraryStayInItsJar() {
		check(classes().should()
			.resideInAnyPackage("dev.outbox.autoconfigure..", "dev.outbox.actuate..", "dev.outbox.diagnostics.."));
	}

	@Test
	void nothingImportsTheAutoConfiguration() {
		check(noClasses().that()
			.resideOutsideOfPackage("dev.outbox.autoconfigure..")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.outbox.autoconfigure.."));
	}

	@Test
	void noNameThatSpringBootRenamesIsImported() {
		check(noClasses().should().dependOnClassesThat().resideInAPackage("org.springframework.boot.amqp.."));
	}

	@Test
	void staticFieldsAreFinal() {
		check(fields().that().areStatic().should().beFinal());
	}

	@Test
	void nothingIsInjectedIntoFields() {
		check(noFields().should()
			.beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
			.orShould()
			.beAnnotatedWith("org.springframework.beans.factory.annotation.Value"));
	}

	private static void check(ArchRule rule) {
		rule.allowEmptyShould(true).check(CLASSES);
	}

}
