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

package dev.outbox.store.jdbc.postgres;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.UUID;

import dev.outbox.store.jdbc.CommonSyntax;
import dev.outbox.store.jdbc.RowFormat;
import dev.outbox.store.jdbc.TableNames;
import dev.outbox.store.jdbc.TransactionMode;
import org.jspecify.annotations.Nullable;

/**
 * What PostgreSQL says in statements that run on all databases.
 */
enum PostgresSyntax implements CommonSyntax {

	/**
	 * The only one.
	 */
	INSTANCE;

	@Override
	public String sql(TableNames tables, String statement) {
		return tables.apply(statement);
	}

	@Override
	public RowFormat format() {
		return PostgresFormat.INSTANCE;
	}

	@Override
	public Object parameter(Instant time) {
		return time.atOffset(ZoneOffset.UTC);
	}

	@Override
	public Object parameter(UUID id) {
		return id;
	}

	@Override
	public TransactionMode readCommitted() {
		return TransactionMode.settings(TransactionSettings.WRITE);
	}

	@Override
	public TransactionMode snapshot() {
		return TransactionMode.settings(TransactionSettings.SNAPSHOT);
	}

	/**
	 * Unlike what changes within a statement, it can be looked up in an index.
	 */
	@Override
	public String now() {
		return "statement_timestamp()";
	}

	@Override
	public String fromNow() {
		return "(" + now() + " + ? * interval '1 millisecond')";
	}

	@Override
	public String millisBetween(String start, String end) {
		return "ceil(extract(epoch FROM " + end + " - " + start + ") * 1000)";
	}

	@Override
	public String first(String count) {
		return " LIMIT " + count;
	}

	@Override
	public String insertIfAbsent() {
		return "INSERT INTO";
	}

	@Override
	public String ifAbsent() {
		return " ON CONFLICT DO NOTHING";
	}

	/**
	 * The list of the columns ends with the first parenthesis that closes.
	 */
	@Override
	public String insertNumbered(String insert) {
		return insert.replaceFirst("\\)", ") OVERRIDING SYSTEM VALUE");
	}

	@Override
	public String contains(String column) {
		return "strpos(" + column + ", ?) > 0";
	}

	@Override
	public String transports() {
		return "array_to_string(transports, chr(10))";
	}

	/**
	 * A row says which transaction has written it.
	 */
	@Override
	public @Nullable String announceReturn() {
		return null;
	}

}
