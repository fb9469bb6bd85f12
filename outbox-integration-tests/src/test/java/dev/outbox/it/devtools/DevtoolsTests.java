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

package dev.outbox.it.devtools;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import javax.tools.ToolProvider;

import dev.outbox.fixtures.kafka.KafkaBroker;
import dev.outbox.fixtures.kafka.KafkaRecord;
import dev.outbox.fixtures.postgres.PostgresDatabase;
import dev.outbox.fixtures.process.ForkedJvm;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Classes of an application are edited while it runs, and {@code spring-boot-devtools}
 * restarts it each time in a new class loader. The library stays in the old one, as a jar
 * does. Devtools is on the class path of the application only: on that of the tests it
 * would restart the processes of other tests.
 */
class DevtoolsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String LOADER = "org.springframework.boot.devtools.restart.classloader.RestartClassLoader";

	/**
	 * What an application of its own would not have.
	 */
	private static final Pattern NOT_USED = Pattern
		.compile("/test-classes$|/[^/]*(amqp|flyway|hibernate|jpa|liquibase|mongo|opentelemetry|rabbit)[^/]*\\.jar$");

	private static final Path SOURCES = Path.of("src", "test", "java", "dev", "outbox", "it", "devtools");

	@RegisterExtension
	static final KafkaBroker KAFKA = KafkaBroker.shared();

	@RegisterExtension
	static final PostgresDatabase DATABASE = PostgresDatabase.fresh();

	@TempDir
	Path directory;

	private Path classes;

	private String topic;

	@BeforeEach
	void compile() throws IOException {
		this.classes = Files.createDirectories(this.directory.resolve("classes"));
		this.topic = KAFKA.uniqueTopic(1);
		compile(SOURCES.resolve("GreetingApplication.java"), SOURCES.resolve("Greeting.java"));
		Path settings = Files.createDirectories(this.classes.resolve("META-INF")).resolve("spring-devtools.properties");
		// The modules are folders here, and jars elsewhere.
		Files.writeString(settings, "restart.exclude.library=/outbox-[\\\\w-]+/target/classes/");
	}

	@Test
	void anEditedApplicationPublishesAndDeliversAndLeavesNothingBehind() throws IOException {
		String devtools = System.getProperty("outbox.devtools", "");
		assumeTrue(!devtools.isEmpty(), "needs spring-boot-devtools, which the build copies");
		ForkedJvm application = start(devtools);
		try (application) {
			WatchedJvm jvm = new WatchedJvm(application.pid());
			awaitDelivered("Hello");
			edit("Welcome");
			awaitDelivered("Hello", "Welcome");
			Object formerInstance = DATABASE.value("SELECT id FROM outbox_instance");
			Object then = DATABASE.value("SELECT clock_timestamp()");
			edit("Good evening");
			awaitDelivered("Hello", "Welcome", "Good evening");
			assertThat(DATABASE.value("SELECT id FROM outbox_instance")).isNotEqualTo(formerInstance);
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(jvm.threads()).filteredOn((thread) -> thread.startsWith("outbox-"))
					.contains("outbox-relay-kafka")
					.doesNotHaveDuplicates());
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(DATABASE.number("SELECT count(*) FROM pg_stat_activity"
						+ " WHERE datname = current_database() AND backend_start < ?", then))
					.isZero());
			// The hook that Spring Boot registers at the first start keeps the first one.
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(jvm.count(LOADER)).isBetween(1L, 2L));
		}
	}

	private ForkedJvm start(String devtools) {
		String present = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		String classPath = Stream
			.concat(Stream.of(this.classes.toString(), devtools), Arrays.stream(present.split(File.pathSeparator)))
			.filter((entry) -> !NOT_USED.matcher(entry).find())
			.collect(Collectors.joining(File.pathSeparator));
		return ForkedJvm.of(GreetingApplication.class)
			.classPath(classPath)
			.options("-Xmx192m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto",
					// What is only cached goes with the next garbage collection.
					"-XX:SoftRefLRUPolicyMSPerMB=0")
			.arguments("--spring.main.web-application-type=none", "--spring.main.keep-alive=true",
					"--spring.datasource.url=" + DATABASE.jdbcUrl(), "--spring.datasource.username=" + DATABASE.user(),
					"--spring.datasource.password=" + DATABASE.password(),
					"--spring.datasource.hikari.maximum-pool-size=2",
					"--spring.kafka.bootstrap-servers=" + KAFKA.bootstrapServers(),
					"--outbox.routes.greeting.destination=" + this.topic,
					// Nobody waits that long: the lease has to be given back.
					"--outbox.relay.lease=10m")
			.start();
	}

	/**
	 * Changes the text of the events, as one would in an editor.
	 */
	private void edit(String text) throws IOException {
		Path edited = this.directory.resolve("Greeting.java");
		Files.writeString(edited,
				Files.readString(SOURCES.resolve("Greeting.java")).replace("\"Hello\"", '"' + text + '"'));
		compile(edited);
	}

	private void compile(Path... sources) {
		Stream<String> options = Stream.of("-d", this.classes.toString(), "-proc:none", "-parameters", "-classpath",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
		ByteArrayOutputStream errors = new ByteArrayOutputStream();
		int result = ToolProvider.getSystemJavaCompiler()
			.run(null, null, errors,
					Stream.concat(options, Arrays.stream(sources).map(Path::toString)).toArray(String[]::new));
		assertThat(result).as(() -> errors.toString(StandardCharsets.UTF_8)).isZero();
	}

	private void awaitDelivered(String... texts) {
		await().atMost(PATIENCE).untilAsserted(() -> {
			List<String> records = KAFKA.readAll(this.topic).stream().map(KafkaRecord::text).toList();
			assertThat(records).containsExactlyInAnyOrderElementsOf(Stream.of(texts)
				.flatMap((text) -> Stream.of("published", "captured")
					.map((name) -> "{\"name\":\"" + name + "\",\"text\":\"" + text + "\"}"))
				.toList());
			assertThat(DATABASE.number("SELECT count(*) FROM outbox_event")).isZero();
		});
	}

}
