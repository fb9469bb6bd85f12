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

import java.nio.ByteBuffer;
import java.sql.CallableStatement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.UUID;

import org.hibernate.dialect.PostgreSQLDialect;
import org.hibernate.type.SqlTypes;
import org.hibernate.type.descriptor.ValueBinder;
import org.hibernate.type.descriptor.ValueExtractor;
import org.hibernate.type.descriptor.WrapperOptions;
import org.hibernate.type.descriptor.java.JavaType;
import org.hibernate.type.descriptor.jdbc.BasicBinder;
import org.hibernate.type.descriptor.jdbc.BasicExtractor;
import org.hibernate.type.descriptor.jdbc.JdbcType;
import org.jspecify.annotations.Nullable;

/**
 * How the outbox's own columns hold the id of an event: as the database's own type on
 * PostgreSQL, as 16 bytes on others, also on those for which the mapper knows a type of
 * their own.
 */
public final class EventIdJdbcType implements JdbcType {

	private static final long serialVersionUID = 1L;

	@Override
	public int getJdbcTypeCode() {
		return SqlTypes.VARBINARY;
	}

	@Override
	public int getDefaultSqlTypeCode() {
		return SqlTypes.UUID;
	}

	@Override
	public <X> ValueBinder<X> getBinder(JavaType<X> javaType) {
		return new Binder<>(javaType, this);
	}

	@Override
	public <X> ValueExtractor<X> getExtractor(JavaType<X> javaType) {
		return new Extractor<>(javaType, this);
	}

	private static Object column(UUID id, WrapperOptions options) {
		if (options.getDialect() instanceof PostgreSQLDialect) {
			return id;
		}
		return ByteBuffer.allocate(16)
			.putLong(id.getMostSignificantBits())
			.putLong(id.getLeastSignificantBits())
			.array();
	}

	private static @Nullable UUID id(@Nullable Object column) {
		if (column instanceof byte[] bytes) {
			ByteBuffer buffer = ByteBuffer.wrap(bytes);
			return new UUID(buffer.getLong(), buffer.getLong());
		}
		return (UUID) column;
	}

	private static final class Binder<X> extends BasicBinder<X> {

		private static final long serialVersionUID = 1L;

		Binder(JavaType<X> javaType, JdbcType jdbcType) {
			super(javaType, jdbcType);
		}

		@Override
		protected void doBind(PreparedStatement statement, X value, int index, WrapperOptions options)
				throws SQLException {
			statement.setObject(index, column(getJavaType().unwrap(value, UUID.class, options), options));
		}

		@Override
		protected void doBind(CallableStatement statement, X value, String name, WrapperOptions options)
				throws SQLException {
			statement.setObject(name, column(getJavaType().unwrap(value, UUID.class, options), options));
		}

	}

	private static final class Extractor<X> extends BasicExtractor<X> {

		private static final long serialVersionUID = 1L;

		Extractor(JavaType<X> javaType, JdbcType jdbcType) {
			super(javaType, jdbcType);
		}

		@Override
		protected @Nullable X doExtract(ResultSet row, int index, WrapperOptions options) throws SQLException {
			return getJavaType().wrap(id(row.getObject(index)), options);
		}

		@Override
		protected @Nullable X doExtract(CallableStatement statement, int index, WrapperOptions options)
				throws SQLException {
			return getJavaType().wrap(id(statement.getObject(index)), options);
		}

		@Override
		protected @Nullable X doExtract(CallableStatement statement, String name, WrapperOptions options)
				throws SQLException {
			return getJavaType().wrap(id(statement.getObject(name)), options);
		}

	}

}
