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

package dev.outbox.autoconfigure.instances;

import java.util.Locale;

import javax.sql.DataSource;

import dev.outbox.store.jdbc.TableNames;
import org.jspecify.annotations.Nullable;

/**
 * Where the tables of an outbox are. Equal for outboxes that share them. Names that
 * differ in their case only are the same to some databases, so they are here.
 *
 * @param dataSource the data source, without a proxy
 * @param schema the schema, {@code null} for that of the connection
 * @param prefix how the names of the tables begin
 */
record InstanceTables(DataSource dataSource, @Nullable String schema, String prefix) {

	static InstanceTables of(DataSource dataSource, TableNames names) {
		String schema = names.schema();
		return new InstanceTables(dataSource, (schema != null) ? schema.toLowerCase(Locale.ROOT) : null,
				names.prefix().toLowerCase(Locale.ROOT));
	}

	@Override
	public String toString() {
		return ((this.schema != null) ? this.schema + '.' : "") + this.prefix;
	}

}
