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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Explains that there is no driver for a data source of the application. Spring Boot
 * itself prints a stack trace, or what holds of any application: neither says which
 * dependency is missing.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class MissingDriverFailureAnalyzer extends AbstractFailureAnalyzer<BeanCreationException> {

	/**
	 * Spring Boot's, and not visible.
	 */
	private static final String NO_DATA_SOURCE = "org.springframework.boot.jdbc.autoconfigure."
			+ "DataSourceProperties$DataSourceBeanCreationException";

	/**
	 * How the failures of Spring Boot and of HikariCP begin, before the name of the
	 * driver.
	 */
	private static final List<String> NOT_LOADED = List.of("Cannot load driver class: ",
			"Failed to load driver class ");

	private static final String NO_URL = "'url' must start with \"jdbc\"";

	/**
	 * The name of Spring Boot's bean.
	 */
	private static final String DATA_SOURCE = "dataSource";

	private static final Pattern BEGINNING = Pattern.compile("jdbc:[a-z0-9+-]+:");

	private static final Map<String, Driver> DRIVERS = drivers(
			new Driver("org.postgresql.Driver", "jdbc:postgresql:", "org.postgresql:postgresql"),
			new Driver("org.mariadb.jdbc.Driver", "jdbc:mariadb:", "org.mariadb.jdbc:mariadb-java-client"),
			new Driver("com.mysql.cj.jdbc.Driver", "jdbc:mysql:", "com.mysql:mysql-connector-j"),
			new Driver("org.h2.Driver", "jdbc:h2:", "com.h2database:h2"),
			new Driver("org.sqlite.JDBC", "jdbc:sqlite:", "org.xerial:sqlite-jdbc"),
			new Driver("com.microsoft.sqlserver.jdbc.SQLServerDriver", "jdbc:sqlserver:",
					"com.microsoft.sqlserver:mssql-jdbc"),
			new Driver("oracle.jdbc.OracleDriver", "jdbc:oracle:", "com.oracle.database.jdbc:ojdbc11"));

	private final Environment environment;

	MissingDriverFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BeanCreationException cause) {
		if (!usesDatabase()) {
			return null;
		}
		String bean = null;
		for (Throwable failure = cause; failure != null; failure = failure.getCause()) {
			if (failure instanceof BeanCreationException creation && creation.getBeanName() != null) {
				bean = creation.getBeanName();
			}
			String message = String.valueOf(failure.getMessage());
			for (String beginning : NOT_LOADED) {
				if (message.startsWith(beginning)) {
					// HikariCP goes on after the name.
					String driverClass = message.substring(beginning.length()).split(" ", 2)[0];
					return isSpringBoots(bean) ? ofClass(driverClass, cause) : ofOther(bean, driverClass, cause);
				}
			}
			if (isSpringBoots(bean)
					&& (failure.getClass().getName().equals(NO_DATA_SOURCE) || message.equals(NO_URL))) {
				String url = this.environment.getProperty("spring.datasource.url", "");
				return StringUtils.hasText(url) ? ofUrl(url, cause) : ofNothing(cause);
			}
		}
		return null;
	}

	private boolean usesDatabase() {
		String store = this.environment.getProperty("outbox.store.type", "");
		return this.environment.getProperty("outbox.enabled", Boolean.class, true) && !store.equalsIgnoreCase("mongodb")
				&& !store.equalsIgnoreCase("none");
	}

	/**
	 * Returns whether a bean is the outbox's data source, and the one that is made of
	 * {@code spring.datasource}.
	 */
	private boolean isSpringBoots(@Nullable String bean) {
		return DATA_SOURCE.equals(bean)
				&& this.environment.getProperty("outbox.store.data-source", DATA_SOURCE).equals(DATA_SOURCE);
	}

	private static FailureAnalysis ofClass(String driverClass, BeanCreationException cause) {
		Driver driver = DRIVERS.get(driverClass);
		return new FailureAnalysis(
				"The driver of the database that the outbox is to be stored in is not on the class path: " + driverClass
						+ ".",
				(driver != null) ? driver.advice()
						: "Correct spring.datasource.url or spring.datasource.driver-class-name,"
								+ " or add the dependency that contains " + driverClass + "."
								+ " The outbox can be stored only in the databases of these:" + supported(),
				cause);
	}

	private static FailureAnalysis ofOther(@Nullable String bean, String driverClass, BeanCreationException cause) {
		Driver driver = DRIVERS.get(driverClass);
		return new FailureAnalysis(
				"The bean '" + bean + "' could not be created: the driver of a data source is not on the class path: "
						+ driverClass + ".",
				(driver != null) ? driver.advice()
						: "Correct the URL or the driver in the settings of that data source, or add the dependency"
								+ " that contains " + driverClass + ".",
				cause);
	}

	/**
	 * No more of the URL than its beginning: there may be a password in it, also where it
	 * is no URL of JDBC.
	 */
	private static FailureAnalysis ofUrl(String url, BeanCreationException cause) {
		Matcher beginning = BEGINNING.matcher(url);
		return new FailureAnalysis(
				"The application has no data source, and so the outbox has no database:"
						+ " spring.datasource.url begins with "
						+ (beginning.lookingAt() ? beginning.group() : "something that is no URL of JDBC")
						+ ", for which no driver is known.",
				"Correct spring.datasource.url. The outbox can be stored where it begins with one of these, with the"
						+ " driver on the class path:" + supported(),
				cause);
	}

	private static String supported() {
		return DRIVERS.values()
			.stream()
			.map((driver) -> String.format(Locale.ROOT, "%n  - %s, with %s", driver.url(), driver.artifact()))
			.collect(Collectors.joining());
	}

	private FailureAnalysis ofNothing(BeanCreationException cause) {
		String profiles = String.join(", ", this.environment.getActiveProfiles());
		return new FailureAnalysis(
				"The application has no data source, and so the outbox has no database: spring.datasource.url is not"
						+ " set, and there is no embedded database.",
				"""
						Do one of these:
						  - set spring.datasource.url, for example to jdbc:postgresql://localhost/shop, and add \
						the driver of the database, for example org.postgresql:postgresql
						  - if it is set for a profile, activate that (active now: %s)
						  - to try it without a server, add com.h2database:h2
						  - to store events in MongoDB, add \
						org.springframework.boot:spring-boot-starter-data-mongodb, and remove \
						Spring Boot's support for JDBC""".formatted(profiles.isEmpty() ? "none" : profiles), cause);
	}

	private static Map<String, Driver> drivers(Driver... drivers) {
		Map<String, Driver> byClass = new LinkedHashMap<>();
		for (Driver driver : drivers) {
			byClass.put(driver.className(), driver);
		}
		return byClass;
	}

	private record Driver(String className, String url, String artifact) {

		String advice() {
			return "Add " + this.artifact + ", in the scope 'runtime'. Spring Boot knows its version.";
		}

	}

}
