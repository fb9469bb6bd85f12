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

package dev.outbox.store.jpa;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

import dev.outbox.OutboxException;
import dev.outbox.store.EventStore;
import dev.outbox.store.NewEvent;
import dev.outbox.store.jpa.JoinedEntityManagers.Joined;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.jdbc.datasource.ConnectionHandle;
import org.springframework.orm.jpa.JpaDialect;

/**
 * Stores events through the entity manager of the calling thread's transaction: on the
 * connection of its session. What the session holds back is written before, by
 * {@link JpaStoreTransactions}.
 * <p>
 * The events are not persisted as entities. An insertion of an entity is carried out
 * before the updates of the same flush: an event would take its sequence number before
 * the row of its aggregate is locked, and two transactions that change the aggregate
 * could number their events in the order in which they do not commit. It would also be
 * lost by {@code clear()}.
 */
public final class JpaEventStore implements EventStore {

	private static final Logger logger = LoggerFactory.getLogger(JpaEventStore.class);

	private final JoinedEntityManagers managers;

	private final Function<Connection, EventStore> onConnection;

	private final EventStore withoutManager;

	/**
	 * Creates the store.
	 * @param factories the factories whose entity managers use the outbox's data source;
	 * asked for once, in the first transaction: an entity listener may publish events,
	 * and then its factory waits for the publisher
	 * @param onConnection returns what writes events in a transaction, given the
	 * connection of the session that takes part in it
	 * @param withoutManager writes the events of transactions in which no entity manager
	 * takes part
	 */
	public JpaEventStore(Supplier<? extends Collection<EntityManagerFactory>> factories,
			Function<Connection, EventStore> onConnection, EventStore withoutManager) {
		this.managers = new JoinedEntityManagers(factories);
		this.onConnection = onConnection;
		this.withoutManager = withoutManager;
	}

	@Override
	public void append(List<NewEvent> events) {
		run((store) -> {
			store.append(events);
			return true;
		});
	}

	@Override
	public Optional<UUID> claim(String idempotencyKey, UUID id) {
		return run((store) -> store.claim(idempotencyKey, id));
	}

	@Override
	public Damage damage(RuntimeException failure) {
		return this.withoutManager.damage(failure);
	}

	private <T> T run(Function<EventStore, T> work) {
		Joined joined = this.managers.first();
		if (joined == null) {
			return work.apply(this.withoutManager);
		}
		EntityManager entities = joined.entities();
		JpaDialect dialect = joined.dialect();
		ConnectionHandle handle = (dialect != null) ? connection(dialect, entities) : null;
		if (dialect == null || handle == null) {
			// Of a mapper that Spring does not know.
			Result<T> result = entities
				.callWithConnection((Connection connection) -> Result.of(work, this.onConnection.apply(connection)));
			return result.get();
		}
		Connection connection = handle.getConnection();
		try {
			return work.apply(this.onConnection.apply(connection));
		}
		finally {
			handle.releaseConnection(connection);
			release(dialect, handle, entities);
		}
	}

	/**
	 * The connection of the transaction. EclipseLink's own way gives another one, or
	 * none.
	 */
	private static @Nullable ConnectionHandle connection(JpaDialect dialect, EntityManager entities) {
		try {
			return dialect.getJdbcConnection(entities, false);
		}
		catch (SQLException ex) {
			throw new OutboxException("Cannot store events: the connection of the transaction cannot be had."
					+ " Nothing has been stored, and the transaction must roll back", ex);
		}
	}

	private static void release(JpaDialect dialect, ConnectionHandle handle, EntityManager entities) {
		try {
			dialect.releaseJdbcConnection(handle, entities);
		}
		catch (SQLException ex) {
			logger.debug("A mapper could not take back the connection of its transaction", ex);
		}
	}

	/**
	 * What a mapper must not see: it would wrap a failure.
	 *
	 * @param <T> type of the value
	 * @param value the value
	 * @param failure why there is none
	 */
	private record Result<T>(@Nullable T value, @Nullable RuntimeException failure) {

		static <T> Result<T> of(Function<EventStore, T> work, EventStore store) {
			try {
				return new Result<>(work.apply(store), null);
			}
			catch (RuntimeException ex) {
				return new Result<>(null, ex);
			}
		}

		T get() {
			if (this.failure != null) {
				throw this.failure;
			}
			return Objects.requireNonNull(this.value);
		}

	}

}
