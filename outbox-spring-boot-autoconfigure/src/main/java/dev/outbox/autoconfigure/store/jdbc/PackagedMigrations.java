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

package dev.outbox.autoconfigure.store.jdbc;

import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

import dev.outbox.store.jdbc.JdbcDialect;
import dev.outbox.store.jdbc.OutboxSchema;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;
import org.jspecify.annotations.Nullable;

/**
 * The migrations in the outbox's jar, by their names. Flyway would search the class path
 * for them, which takes its time, and finds nothing in a native image.
 */
final class PackagedMigrations implements ResourceProvider {

	private final List<LoadableResource> scripts;

	PackagedMigrations(JdbcDialect dialect) {
		String location = OutboxSchema.location(dialect);
		this.scripts = dialect.migrations()
			.stream()
			.<LoadableResource>map((name) -> new Script(location, name))
			.toList();
	}

	@Override
	public @Nullable LoadableResource getResource(String name) {
		return this.scripts.stream().filter((script) -> script.getFilename().equals(name)).findFirst().orElse(null);
	}

	@Override
	public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
		return this.scripts.stream()
			.filter((script) -> script.getFilename().startsWith(prefix))
			.filter((script) -> Arrays.stream(suffixes).anyMatch(script.getFilename()::endsWith))
			.toList();
	}

	private static final class Script extends LoadableResource {

		private final String location;

		private final String name;

		Script(String location, String name) {
			this.location = location;
			this.name = name;
		}

		@Override
		public Reader read() {
			InputStream script = OutboxSchema.class.getResourceAsStream('/' + getAbsolutePath());
			return new InputStreamReader(Objects.requireNonNull(script,
					() -> "The migration " + getAbsolutePath() + " is not on the class path. It is part of the outbox's"
							+ " jar; when that is repackaged, keep its resources"),
					StandardCharsets.UTF_8);
		}

		@Override
		public String getAbsolutePath() {
			return this.location + '/' + this.name;
		}

		@Override
		public String getAbsolutePathOnDisk() {
			return getAbsolutePath();
		}

		@Override
		public String getFilename() {
			return this.name;
		}

		@Override
		public String getRelativePath() {
			return this.name;
		}

	}

}
