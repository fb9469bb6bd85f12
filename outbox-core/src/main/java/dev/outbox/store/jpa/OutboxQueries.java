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

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.data.jpa.repository.JpaSpecificationExecutor.SpecificationFluentQuery;
import org.springframework.data.repository.NoRepositoryBean;
import org.springframework.data.repository.Repository;

/**
 * Queries for events. Only queries: events are published, replayed and discarded through
 * the outbox.
 * <p>
 * A query that the tables have no index for reads the whole table. Indexes exist for the
 * number, and for the key of events that wait.
 *
 * @param <T> the entity
 */
@NoRepositoryBean
public interface OutboxQueries<T extends OutboxEntity> extends Repository<T, Long> {

	/**
	 * Returns an event.
	 * @param number its number
	 * @return the event, empty if there is none
	 */
	Optional<T> findById(Long number);

	/**
	 * Returns the events with an id.
	 * @param eventId the id that travels with the event
	 * @return the events: none, one, or several of an archive from which the event was
	 * replayed
	 */
	List<T> findByEventId(UUID eventId);

	/**
	 * Returns the events of a key.
	 * @param eventKey the key
	 * @param page which of them, in which order
	 * @return the events
	 */
	List<T> findByEventKey(String eventKey, Pageable page);

	/**
	 * Returns events.
	 * @param page which of them, in which order
	 * @return the events, and how many there are in all
	 */
	Page<T> findAll(Pageable page);

	/**
	 * Returns events.
	 * @param condition what they have in common
	 * @param page which of them, in which order
	 * @return the events, and how many there are in all
	 */
	Page<T> findAll(Specification<T> condition, Pageable page);

	/**
	 * Returns what a query for events is told to return, for example a projection without
	 * the payload.
	 * @param <S> type of the events
	 * @param <R> type of the result
	 * @param condition what they have in common
	 * @param query the query
	 * @return its result
	 */
	<S extends T, R extends @Nullable Object> R findBy(Specification<T> condition,
			Function<? super SpecificationFluentQuery<S>, R> query);

	/**
	 * Counts events. Reads the whole table.
	 * @return how many there are
	 */
	long count();

	/**
	 * Counts events.
	 * @param condition what they have in common
	 * @return how many there are
	 */
	long count(Specification<T> condition);

}
