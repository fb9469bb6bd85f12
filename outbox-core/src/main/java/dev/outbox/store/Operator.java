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

import java.util.Objects;

/**
 * Who changes something. The name is kept in the audit table.
 *
 * @param name name of a person or a program, without control characters
 */
public record Operator(String name) {

	/**
	 * How long a name may be.
	 */
	public static final int LONGEST_NAME = 200;

	public Operator {
		Objects.requireNonNull(name, "name");
		if (name.isBlank() || name.length() > LONGEST_NAME || name.chars().anyMatch(Character::isISOControl)) {
			throw new IllegalArgumentException("The name of an operator must not be blank, must have at most "
					+ LONGEST_NAME + " characters and no control characters. Nothing has been changed");
		}
	}

	@Override
	public String toString() {
		return this.name;
	}

}
