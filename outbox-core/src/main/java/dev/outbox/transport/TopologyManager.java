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
import java.util.List;

/**
 * Creates at one broker what event classes declare, or compares it with what is there.
 * May block until the broker answers, for some seconds. Never changes or deletes what
 * exists. Called from one thread at a time; several instances of an application may do
 * the same at once.
 */
public interface TopologyManager {

	/**
	 * Returns what reads the declarations.
	 * @return the reader
	 */
	DestinationReader reader();

	/**
	 * Compares what is declared with what is there, and creates nothing.
	 * @param eventClasses classes that declare something for this broker
	 * @return all differences, empty if there is none
	 * @throws BrokerUnavailableException if the broker did not answer
	 * @throws dev.outbox.InvalidEventTypeException if declarations contradict each other
	 */
	List<TopologyDifference> validate(Collection<Class<?>> eventClasses);

	/**
	 * Creates what is missing, then compares.
	 * @param eventClasses classes that declare something for this broker
	 * @return all differences, among them what could not be created
	 * @throws BrokerUnavailableException if the broker did not answer
	 * @throws dev.outbox.InvalidEventTypeException if declarations contradict each other
	 */
	List<TopologyDifference> create(Collection<Class<?>> eventClasses);

}
