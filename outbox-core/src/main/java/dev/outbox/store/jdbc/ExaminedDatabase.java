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

package dev.outbox.store.jdbc;

import javax.sql.DataSource;

import dev.outbox.doctor.ExaminationSettings;
import org.jspecify.annotations.Nullable;

/**
 * A database that is to be examined.
 *
 * @param dataSource where to get connections
 * @param unpooled where to get connections that are not pooled, on which the relay
 * listens for commits; {@code null} if it does not
 * @param tables names of the tables
 * @param settings from where on something is a finding
 */
public record ExaminedDatabase(DataSource dataSource, @Nullable DataSource unpooled, TableNames tables,
		ExaminationSettings settings) {

}
