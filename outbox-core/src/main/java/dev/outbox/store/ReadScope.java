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

package dev.outbox.store;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Which rows a scan returns.
 *
 * @param transport name of the transport
 * @param parts partitions
 * @param excluded destinations to leave out; empty if {@code only} is set
 * @param only the one destination to read, or {@code null} for all but the excluded ones
 */
public record ReadScope(String transport, Set<Integer> parts, Set<String> excluded, @Nullable String only) {

	public ReadScope {
		parts = Set.copyOf(parts);
		excluded = Set.copyOf(excluded);
	}

}
