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

package dev.outbox.it.store;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

import dev.outbox.store.jdbc.JdbcDialect;

/**
 * A database as other releases know it: older ones have not all of its migrations, and
 * the next one has a migration more, which only tests have.
 */
final class OtherRelease {

	private OtherRelease() {
	}

	/**
	 * Returns the newest version of the schema that there is.
	 */
	static int newest(JdbcDialect dialect) {
		return dialect.migrations().size();
	}

	/**
	 * Returns the database as a release knows it.
	 * @param version the newest version of the schema that the release knows
	 */
	static JdbcDialect of(JdbcDialect dialect, int version) {
		List<String> migrations = new ArrayList<>(dialect.migrations());
		migrations.add("V" + (newest(dialect) + 1) + "__next.sql");
		List<String> known = List.copyOf(migrations.subList(0, version));
		return (JdbcDialect) Proxy.newProxyInstance(JdbcDialect.class.getClassLoader(),
				new Class<?>[] { JdbcDialect.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "name" -> "next/" + dialect.name();
					case "migrations" -> known;
					default -> invoke(dialect, method, arguments);
				});
	}

	private static Object invoke(JdbcDialect dialect, Method method, Object[] arguments) throws Throwable {
		try {
			return method.invoke(dialect, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

}
