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

import java.io.Serial;

/**
 * The number of partitions is not the one that the tables were first used with. Rows wait
 * with partitions of that number, so both keys and instances would be mixed up.
 */
public final class PartitionCountException extends SchemaException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final int stored;

	private final int configured;

	PartitionCountException(int stored, int configured) {
		super("The outbox's tables were first used with " + stored + " partitions, but outbox.relay.partitions is "
				+ configured + ". Nothing has been changed. Set outbox.relay.partitions=" + stored);
		this.stored = stored;
		this.configured = configured;
	}

	/**
	 * Returns the number that the tables were first used with.
	 * @return the number of partitions
	 */
	public int stored() {
		return this.stored;
	}

	/**
	 * Returns the number that this instance is to use.
	 * @return the number of partitions
	 */
	public int configured() {
		return this.configured;
	}

}
