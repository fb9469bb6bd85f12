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

package dev.outbox.diagnostics;

import java.io.Serial;
import java.util.Collection;
import java.util.List;

import dev.outbox.OutboxException;

/**
 * There are several data sources, or databases of MongoDB, and nothing says which one the
 * outbox is in.
 */
public class AmbiguousDataSourceException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String noun;

	private final List<String> candidates;

	/**
	 * Creates the exception.
	 * @param candidates names of the beans
	 */
	public AmbiguousDataSourceException(Collection<String> candidates) {
		this("data source", candidates);
	}

	private AmbiguousDataSourceException(String noun, Collection<String> candidates) {
		super("There are several " + noun + "s (" + String.join(", ", candidates)
				+ ") and none is primary. The outbox was not started. Mark the one that the outbox is in with"
				+ " @OutboxDataSource.");
		this.noun = noun;
		this.candidates = List.copyOf(candidates);
	}

	/**
	 * Creates the exception for MongoDB.
	 * @param candidates names of the beans of type MongoDatabaseFactory
	 * @return the exception
	 */
	public static AmbiguousDataSourceException ofMongo(Collection<String> candidates) {
		return new AmbiguousDataSourceException("MongoDB database", candidates);
	}

	/**
	 * Returns what there are several of.
	 * @return a noun in the singular
	 */
	public String getNoun() {
		return this.noun;
	}

	/**
	 * Returns what there is to choose from.
	 * @return names of the beans
	 */
	public List<String> getCandidates() {
		return this.candidates;
	}

}
