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

package dev.outbox.it.publish;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;

import jakarta.persistence.EntityManager;
import org.hibernate.Session;
import org.hibernate.jdbc.ReturningWork;
import org.jspecify.annotations.Nullable;

import org.springframework.orm.jpa.vendor.HibernateJpaDialect;
import org.springframework.transaction.SavepointManager;
import org.springframework.transaction.TransactionDefinition;

/**
 * Gives nested transactions to applications that use Hibernate, as some do themselves:
 * Spring's dialect for it takes no savepoints.
 */
class SavepointJpaDialect extends HibernateJpaDialect {

	private static final long serialVersionUID = 1L;

	@Override
	public Object beginTransaction(EntityManager entities, TransactionDefinition definition) throws SQLException {
		return new Savepoints(super.beginTransaction(entities, definition), entities.unwrap(Session.class));
	}

	@Override
	public void cleanupTransaction(@Nullable Object data) {
		super.cleanupTransaction((data instanceof Savepoints savepoints) ? savepoints.data() : data);
	}

	/**
	 * Savepoints of a session's connection.
	 *
	 * @param data what Spring's dialect remembers of the transaction
	 * @param session the session
	 */
	private record Savepoints(Object data, Session session) implements SavepointManager {

		@Override
		public Object createSavepoint() {
			this.session.flush();
			return this.session.doReturningWork((ReturningWork<Savepoint>) Connection::setSavepoint);
		}

		@Override
		public void rollbackToSavepoint(Object savepoint) {
			this.session.clear();
			this.session.doWork((connection) -> connection.rollback((Savepoint) savepoint));
		}

		@Override
		public void releaseSavepoint(Object savepoint) {
			this.session.doWork((connection) -> connection.releaseSavepoint((Savepoint) savepoint));
		}

	}

}
