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
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Lends a session of the server for the time of a transaction only, as a pooler does.
 */
final class AnotherSessionEachTime extends DelegatingDataSource {

	AnotherSessionEachTime(DataSource dataSource) {
		super(dataSource);
	}

	@Override
	public Connection getConnection() throws SQLException {
		List<Connection> sessions = new ArrayList<>(List.of(super.getConnection()));
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					Connection latest = sessions.get(sessions.size() - 1);
					if (method.getName().equals("close")) {
						for (Connection session : sessions) {
							session.close();
						}
						return null;
					}
					if (method.getName().equals("createStatement") && latest.getAutoCommit()) {
						latest = super.getConnection();
						sessions.add(latest);
					}
					try {
						return method.invoke(latest, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getCause();
					}
				});
	}

}
