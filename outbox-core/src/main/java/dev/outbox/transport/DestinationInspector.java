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

package dev.outbox.transport;

import java.util.Collection;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Looks at destinations of one broker, whoever has created them, and creates nothing. May
 * block until the broker answers, for some seconds. A broker for which the name of a
 * destination does not say what has to be there has none.
 */
public interface DestinationInspector {

	/**
	 * Returns the name of the transport whose destinations it looks at.
	 * @return the name
	 */
	String transport();

	/**
	 * Looks at destinations.
	 * @param destinations their names
	 * @return what is there
	 * @throws BrokerUnavailableException if the broker did not answer
	 */
	Inspection inspect(Collection<String> destinations);

	/**
	 * What is there. Destinations that this user may not look at are left out.
	 *
	 * @param found the destinations that exist, by name
	 * @param missing names of those that do not
	 */
	record Inspection(Map<String, Found> found, Set<String> missing) {

		public Inspection {
			found = Map.copyOf(found);
			missing = Set.copyOf(missing);
		}

	}

	/**
	 * A destination that exists.
	 *
	 * @param partitions how many partitions it has
	 * @param replicas how many copies there are of each
	 * @param minInsyncReplicas how many of them have to have an event before it counts as
	 * stored, {@code null} if this user may not know
	 */
	record Found(int partitions, int replicas, @Nullable Integer minInsyncReplicas) {

	}

}
