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

package dev.outbox.it.boot;

import java.io.File;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an application with the starter of Spring Data MongoDB has on its class path.
 */
public final class NonRelational {

	/**
	 * Libraries of relational databases, which it has none of.
	 */
	private static final Pattern RELATIONAL = Pattern.compile("(spring-jdbc|spring-orm|spring-data-jpa|spring-boot-jdbc"
			+ "|spring-boot-sql|spring-boot-jpa|spring-boot-data-jpa|spring-boot-hibernate|spring-boot-flyway"
			+ "|spring-boot-liquibase|spring-boot-starter-(jdbc|data-jpa|flyway|liquibase)|jakarta\\.persistence"
			+ "|hibernate-|flyway-|liquibase-|HikariCP|h2-|postgresql-|sqlite-|mariadb-|org\\.eclipse\\.persistence)");

	private NonRelational() {
	}

	/**
	 * Returns the class path of the tests without them, for a JVM of its own.
	 */
	public static String classPath() {
		return Arrays
			.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
				.split(File.pathSeparator))
			.filter((entry) -> !RELATIONAL.matcher(new File(entry).getName()).lookingAt())
			.collect(Collectors.joining(File.pathSeparator));
	}

}
