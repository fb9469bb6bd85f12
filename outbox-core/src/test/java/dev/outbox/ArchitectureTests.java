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

package dev.outbox;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaStaticInitializer;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
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
		.importPackages("dev.outbox");

	private static final String ROOT = "dev.outbox";

	private static final String[] SPI = { "dev.outbox.payload", "dev.outbox.store", "dev.outbox.transport",
			"dev.outbox.retry", "dev.outbox.listener", "dev.outbox.doctor" };

	private static final String MUTABLE = "java\\.util\\.concurrent\\.(atomic|locks)\\..*"
			+ "|java\\.util\\.concurrent\\.(Concurrent|CopyOnWrite|[A-Za-z]*Queue|[A-Za-z]*Executor)[A-Za-z]*"
			+ "|java\\.util\\.(WeakHashMap|Timer|Random)|java\\.lang\\.ThreadLocal";

	@Test
	void theClassesOfThisModuleAreRead() {
		assertThat(CLASSES.contain(OutboxPublisher.class)).isTrue();
		assertThat(CLASSES.contain(ArchitectureTests.class)).isFalse();
	}

	// 1

	@Test
	void packagesFormNoCycle() {
		check(slices().matching("dev.outbox.(**)").should().beFreeOfCycles());
	}

	@Test
	void theRootPackageImportsNoOtherPackageOfOurs() {
		check(noClasses().that().resideInAPackage(ROOT).should().dependOnClassesThat(oursOutside(ROOT)));
	}

	@Test
	void thePackagesOfOtherJarsStayTheirs() {
		check(noClasses().should()
			.resideInAnyPackage("dev.outbox.autoconfigure..", "dev.outbox.actuate..", "dev.outbox.diagnostics..",
					"dev.outbox.test..", "dev.outbox.fixtures.."));
	}

	// 2

	@ParameterizedTest
	@ValueSource(strings = { "payload", "store", "transport", "retry", "listener", "doctor" })
	void anSpiPackageImportsOnlyTheRootPackage(String name) {
		String spi = ROOT + '.' + name;
		check(noClasses().that().resideInAPackage(spi).should().dependOnClassesThat(oursOutside(ROOT, spi)));
	}

	// 3

	@ParameterizedTest
	@ValueSource(strings = { "publish", "relay", "archive", "deadletter", "inbox", "consumer", "topology" })
	void aUsePackageImportsOnlySpiPackagesAndNoOtherUsePackage(String name) {
		String own = ROOT + '.' + name + "..";
		check(noClasses().that().resideInAPackage(own).should().dependOnClassesThat(oursOutside(spiAnd(ROOT, own))));
	}

	// 4

	@Test
	void aStoreImportsOnlyItsSpi() {
		check(noClasses().that()
			.resideInAPackage("dev.outbox.store.*..")
			.should()
			.dependOnClassesThat(oursOutside(ROOT, "dev.outbox.store..", "dev.outbox.doctor")));
	}

	@Test
	void storesDoNotImportEachOther() {
		check(slices().matching("dev.outbox.store.(*)..").should().notDependOnEachOther());
	}

	@Test
	void aDialectImportsTheJdbcStoreButNotTheOtherWayRound() {
		check(noClasses().that()
			.resideInAPackage("dev.outbox.store.jdbc")
			.should()
			.dependOnClassesThat()
			.resideInAPackage("dev.outbox.store.jdbc.*.."));
	}

	@Test
	void dialectsDoNotImportEachOther() {
		check(slices().matching("dev.outbox.store.jdbc.(*)..").should().notDependOnEachOther());
	}

	@Test
	void aTransportImportsOnlyItsSpi() {
		check(noClasses().that()
			.resideInAPackage("dev.outbox.transport.*..")
			.should()
			.dependOnClassesThat(oursOutside(ROOT, "dev.outbox.transport..", "dev.outbox.doctor")));
	}

	@Test
	void transportsDoNotImportEachOther() {
		check(slices().matching("dev.outbox.transport.(*)..").should().notDependOnEachOther());
	}

	@Test
	void observationImportsOnlyTheListenersAndTransportsItDecorates() {
		String own = "dev.outbox.observation..";
		check(noClasses().that()
			.resideInAPackage(own)
			.should()
			.dependOnClassesThat(oursOutside(ROOT, "dev.outbox.listener", "dev.outbox.transport", own)));
	}

	// 5

	@Test
	void theEngineAndItsSpisImportNeitherSpringNorMicrometer() {
		check(noClasses().that()
			.resideInAnyPackage(ROOT, "dev.outbox.relay..", "dev.outbox.retry", "dev.outbox.store",
					"dev.outbox.transport")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework..", "io.micrometer.."));
	}

	@Test
	void theEngineAndTheDoctorImportOnlyTheJdkAndSlf4j() {
		check(classes().that()
			.resideInAnyPackage("dev.outbox.relay..", "dev.outbox.doctor")
			.should()
			.onlyDependOnClassesThat()
			.resideInAnyPackage("dev.outbox..", "java..", "org.slf4j..", "org.jspecify.annotations.."));
	}

	@Test
	void nothingImportsSpringBoot() {
		check(noClasses().should().dependOnClassesThat().resideInAPackage("org.springframework.boot.."));
	}

	// 6

	@Test
	void onlyTheJdbcAndJpaStoresSpeakSql() {
		check(noClasses().that(not(resideInAnyPackage("dev.outbox.store.jdbc..", "dev.outbox.store.jpa..")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..", "org.postgresql..",
					"com.zaxxer.hikari.."));
	}

	@Test
	void onlyTheMongoStoreSpeaksToMongoDb() {
		check(noClasses().that(not(resideInAPackage("dev.outbox.store.mongo..")))
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("com.mongodb..", "org.bson..", "org.springframework.data.mongodb.."));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			kafka    | org.apache.kafka..
			kafka    | org.springframework.kafka..
			rabbit   | com.rabbitmq..
			rabbit   | org.springframework.amqp..
			nats     | io.nats..
			sqs      | software.amazon.awssdk.services.sqs..
			kinesis  | software.amazon.awssdk.services.kinesis..
			pubsub   | com.google.cloud.pubsub..
			rocketmq | org.apache.rocketmq..
			""")
	void theClientOfABrokerStaysInItsTransport(String transport, String client) {
		check(noClasses().that(not(resideInAPackage("dev.outbox.transport." + transport + "..")))
			.should()
			.dependOnClassesThat()
			.resideInAPackage(client));
	}

	// 7

	@Test
	void nothingImportsTheAutoConfiguration() {
		check(noClasses().should()
			.dependOnClassesThat()
			.resideInAnyPackage("dev.outbox.autoconfigure..", "dev.outbox.actuate..", "dev.outbox.diagnostics.."));
	}

	// 8

	@Test
	void theTimeComesFromAClockOrTheDatabase() {
		check(noClasses().should()
			.callMethodWhere(describe("reads the time of this machine", ArchitectureTests::readsTheTimeOfThisMachine)));
	}

	@Test
	void nobodySleeps() {
		check(noClasses().should()
			.callMethodWhere(describe("sleeps", (call) -> call.getTarget().getName().equals("sleep")
					&& call.getTargetOwner().getFullName().matches("java\\.lang\\.Thread|.*\\.TimeUnit"))));
	}

	@Test
	void staticFieldsAreFinal() {
		check(fields().that(areStatic()).should().beFinal());
	}

	@Test
	void staticFieldsHoldNoMutableState() {
		check(noFields().that(areStatic())
			.should()
			.haveRawType(describe("mutable", (type) -> type.getFullName().matches(MUTABLE))));
		check(noClasses().should()
			.callConstructorWhere(
					describe("makes mutable static state", (call) -> call.getOrigin() instanceof JavaStaticInitializer
							&& call.getTargetOwner().getFullName().matches(MUTABLE))));
	}

	@Test
	void nothingIsInjectedIntoFields() {
		check(noFields().should()
			.beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired")
			.orShould()
			.beAnnotatedWith("org.springframework.beans.factory.annotation.Value")
			.orShould()
			.beAnnotatedWith("jakarta.inject.Inject")
			.orShould()
			.beAnnotatedWith("jakarta.annotation.Resource"));
	}

	private static void check(ArchRule rule) {
		rule.allowEmptyShould(true).check(CLASSES);
	}

	private static boolean readsTheTimeOfThisMachine(JavaMethodCall call) {
		String owner = call.getTargetOwner().getFullName();
		String method = call.getTarget().getName();
		boolean withoutArguments = call.getTarget().getRawParameterTypes().isEmpty();
		return owner.equals("java.lang.System") && method.equals("currentTimeMillis")
				|| owner.startsWith("java.time.") && method.equals("now") && withoutArguments;
	}

	private static DescribedPredicate<JavaField> areStatic() {
		return describe("are static", (field) -> field.getModifiers().contains(JavaModifier.STATIC)
				&& !field.getModifiers().contains(JavaModifier.SYNTHETIC));
	}

	private static DescribedPredicate<JavaClass> oursOutside(String... packages) {
		return resideInAPackage("dev.outbox..").and(not(resideInAnyPackage(packages)));
	}

	private static String[] spiAnd(String... packages) {
		String[] all = new String[SPI.length + packages.length];
		System.arraycopy(SPI, 0, all, 0, SPI.length);
		System.arraycopy(packages, 0, all, SPI.length, packages.length);
		return all;
	}

}
