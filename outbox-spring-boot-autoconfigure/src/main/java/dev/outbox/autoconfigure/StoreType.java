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
package dev.outbox.autoconfigure;

/**
 * How events are stored in the transactions of the application.
 */
public enum StoreType {

	/**
	 * Where there is a data source, through JPA if an entity manager factory uses it,
	 * else through JDBC. Without a data source, in MongoDB.
	 */
	AUTO,

	/**
	 * Through the entity manager of the transaction, on the connection of its session.
	 * The outbox's entities and repositories are there to be queried.
	 */
	JPA,

	/**
	 * On the connection of the transaction, also beside JPA.
	 */
	JDBC,

	/**
	 * In MongoDB, in the session of the transaction.
	 */
	MONGODB,

	/**
	 * Not at all, by the stores of this library: for an application that has a database,
	 * but only sends messages without the outbox, or has stores of its own.
	 */
	NONE

}
