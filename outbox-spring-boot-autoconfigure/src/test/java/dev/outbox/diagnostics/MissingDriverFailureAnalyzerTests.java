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

package dev.outbox.diagnostics;

import javax.sql.DataSource;

import com.zaxxer.hikari.HikariConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

@ExtendWith(OutputCaptureExtension.class)
class MissingDriverFailureAnalyzerTests {

	private final ClassLoader withoutH2 = new FilteredClassLoader("org.h2");

	@Test
	void namesTheDriverOfTheUrl(CapturedOutput output) {
		assertThat(StartFailure.print(output, Jdbc.class, "spring.datasource.url=jdbc:mysql://localhost/shop"))
			.isEqualTo("""
					Description:

					The driver of the database that the outbox is to be stored in is not on the class path: \
					com.mysql.cj.jdbc.Driver.

					Action:

					Add com.mysql:mysql-connector-j, in the scope 'runtime'. Spring Boot knows its version.""");
	}

	@ParameterizedTest
	@CsvSource({ "org.postgresql.Driver, org.postgresql:postgresql",
			"org.mariadb.jdbc.Driver, org.mariadb.jdbc:mariadb-java-client", "org.h2.Driver, com.h2database:h2",
			"org.sqlite.JDBC, org.xerial:sqlite-jdbc",
			"com.microsoft.sqlserver.jdbc.SQLServerDriver, com.microsoft.sqlserver:mssql-jdbc",
			"oracle.jdbc.OracleDriver, com.oracle.database.jdbc:ojdbc11" })
	void knowsTheDriverOfEachDatabase(String driver, String artifact) {
		assertThat(new MissingDriverFailureAnalyzer(new MockEnvironment()).analyze(notLoaded(driver)))
			.satisfies((analysis) -> assertThat(analysis.getAction()).contains(artifact));
	}

	@Test
	void saysThatADriverThatItDoesNotKnowIsMissing(CapturedOutput output) {
		assertThat(StartFailure.print(output, Jdbc.class, "spring.datasource.url=jdbc:h2:mem:x",
				"spring.datasource.driver-class-name=org.h2.Drivr"))
			.contains("not on the class path: org.h2.Drivr.",
					"Correct spring.datasource.url or spring.datasource.driver-class-name");
	}

	@Test
	void showsHowUrlsBeginAndKeepsThePasswordToItself(CapturedOutput output) {
		String printed = StartFailure.print(output, this.withoutH2, Jdbc.class,
				"spring.datasource.url=jdbc:postgres://ada:secret@localhost/shop");
		assertThat(printed).startsWith("""
				Description:

				The application has no data source, and so the outbox has no database: spring.datasource.url begins \
				with jdbc:postgres:, for which no driver is known.

				Action:

				Correct spring.datasource.url. The outbox can be stored where it begins with one of these, with the \
				driver on the class path:
				  - jdbc:postgresql:, with org.postgresql:postgresql
				""").doesNotContain("secret");
	}

	@ParameterizedTest
	@ValueSource(strings = { "secret@localhost", "ada:secret@localhost:5432/shop", "//ada:secret@db:5432/shop",
			"postgres://ada:secret@localhost/shop", "jdbc:ada@secret:5432/shop" })
	void showsNothingOfWhatIsNoUrl(String url, CapturedOutput output) {
		assertThat(StartFailure.print(output, this.withoutH2, Jdbc.class, "spring.datasource.url=" + url))
			.contains("begins with something that is no URL of JDBC")
			.doesNotContain("secret", "ada");
	}

	@Test
	void saysWhereTheOutboxCanBeStored(CapturedOutput output) {
		assertThat(StartFailure.print(output, Jdbc.class, "spring.datasource.url=jdbc:hsqldb:mem:x")).contains(
				"not on the class path: org.hsqldb.jdbc.JDBCDriver.",
				"The outbox can be stored only in the databases of these:",
				"  - jdbc:postgresql:, with org.postgresql:postgresql");
	}

	@Test
	void readsTheDriverFromTheMessageOfThePool() {
		Throwable refused = catchThrowable(() -> new HikariConfig().setDriverClassName("org.h2.Drivr"));
		BeanCreationException failure = new BeanCreationException("relayConnections", "no", refused);
		assertThat(new MissingDriverFailureAnalyzer(new MockEnvironment()).analyze(failure))
			.satisfies((analysis) -> assertThat(analysis.getDescription()).startsWith("The bean 'relayConnections'")
				.endsWith("not on the class path: org.h2.Drivr."));
	}

	@Test
	void namesTheBeanOfAnotherDataSource(CapturedOutput output) {
		assertThat(StartFailure.print(output, Reports.class, "spring.datasource.url=jdbc:h2:mem:x")).isEqualTo("""
				Description:

				The bean 'reports' could not be created: the driver of a data source is not on the class path: \
				org.hsqldb.jdbc.JDBCDriver.

				Action:

				Correct the URL or the driver in the settings of that data source, or add the dependency that \
				contains org.hsqldb.jdbc.JDBCDriver.""");
	}

	@Test
	void leavesTheUrlOfAnotherDataSourceToSpringBoot() {
		BeanCreationException failure = new BeanCreationException("reports", "no",
				new IllegalArgumentException("'url' must start with \"jdbc\""));
		assertThat(new MissingDriverFailureAnalyzer(new MockEnvironment()).analyze(failure)).isNull();
	}

	@Test
	void aDataSourceThatTheOutboxDoesNotUseIsAnother() {
		MockEnvironment environment = new MockEnvironment().withProperty("outbox.store.data-source", "orders");
		assertThat(new MissingDriverFailureAnalyzer(environment).analyze(notLoaded("org.h2.Driver")))
			.satisfies((analysis) -> assertThat(analysis.getDescription()).startsWith("The bean 'dataSource'"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "none", "mongodb" })
	void leavesApplicationsWhoseOutboxHasNoDataSourceToSpringBoot(String store) {
		MockEnvironment environment = new MockEnvironment().withProperty("outbox.store.type", store);
		assertThat(new MissingDriverFailureAnalyzer(environment).analyze(notLoaded("org.h2.Driver"))).isNull();
	}

	@Test
	void saysThatNothingSaysWhichDatabase(CapturedOutput output) {
		assertThat(StartFailure.print(output, this.withoutH2, Jdbc.class, "spring.profiles.active=local")).isEqualTo("""
				Description:

				The application has no data source, and so the outbox has no database: spring.datasource.url is not \
				set, and there is no embedded database.

				Action:

				Do one of these:
				  - set spring.datasource.url, for example to jdbc:postgresql://localhost/shop, and add the driver of \
				the database, for example org.postgresql:postgresql
				  - if it is set for a profile, activate that (active now: local)
				  - to try it without a server, add com.h2database:h2
				  - to store events in MongoDB, add org.springframework.boot:spring-boot-starter-data-mongodb, and \
				remove Spring Boot's support for JDBC""");
	}

	@Test
	void leavesOtherFailuresAndApplicationsWithoutOutboxToSpringBoot(CapturedOutput output) {
		assertThat(new MissingDriverFailureAnalyzer(new MockEnvironment())
			.analyze(new BeanCreationException("other", "no", new IllegalStateException()))).isNull();
		assertThat(StartFailure.print(output, this.withoutH2, Jdbc.class, "outbox.enabled=false"))
			.contains("Failed to configure a DataSource");
	}

	private static BeanCreationException notLoaded(String driver) {
		return new BeanCreationException("dataSource", "no",
				new IllegalStateException("Cannot load driver class: " + driver));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(DataSourceAutoConfiguration.class)
	static class Jdbc {

		@Bean
		JdbcTemplate needsDataSource(DataSource dataSource) {
			return new JdbcTemplate(dataSource);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Reports {

		@Bean
		DataSource reports() {
			DataSourceProperties properties = new DataSourceProperties();
			properties.setUrl("jdbc:hsqldb:mem:reports");
			return properties.initializeDataSourceBuilder().build();
		}

	}

}
