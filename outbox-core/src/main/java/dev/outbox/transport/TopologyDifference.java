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

import java.io.Serializable;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a broker does not have as it is declared.
 *
 * @param subject what it is about, for example {@code topic 'orders'}
 * @param property which of its properties, {@code null} if it is about all of it
 * @param declared what is declared, {@code null} if it is about all of it
 * @param actual what is there, or what is wrong, to be read after "is"
 */
public record TopologyDifference(String subject, @Nullable String property, @Nullable String declared,
		String actual) implements Serializable {

	/**
	 * Describes something as a whole.
	 * @param subject what it is about
	 * @param problem what is wrong with it, to be read after "is"
	 * @return the difference
	 */
	public static TopologyDifference of(String subject, String problem) {
		return new TopologyDifference(subject, null, null, problem);
	}

	@Override
	public String toString() {
		if (this.property == null) {
			return this.subject + " is " + this.actual;
		}
		return this.subject + ": " + this.property + " is " + this.actual + ", but " + this.declared + " is declared";
	}

}
