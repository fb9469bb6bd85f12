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

package dev.outbox.publish;

import java.util.UUID;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;

/**
 * Makes the ids of events that do not carry one. Thread-safe and unique over all
 * processes; nothing relies on the order of ids.
 */
@FunctionalInterface
public interface IdGenerator {

	/**
	 * Makes an id.
	 * @return the id, never returned before
	 */
	UUID next();

	/**
	 * Returns a generator of UUIDv7, which ascend with time.
	 * @return the generator
	 */
	static IdGenerator uuidV7() {
		NoArgGenerator generator = Generators.timeBasedEpochGenerator();
		return generator::generate;
	}

}
