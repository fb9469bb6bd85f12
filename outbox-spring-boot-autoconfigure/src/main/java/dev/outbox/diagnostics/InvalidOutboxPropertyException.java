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

import dev.outbox.OutboxException;
import org.jspecify.annotations.Nullable;

/**
 * A property of the outbox has a value that it cannot work with.
 */
public class InvalidOutboxPropertyException extends OutboxException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final String property;

	private final @Nullable String value;

	private final String requirement;

	/**
	 * Creates the exception.
	 * @param property name of the property, for example
	 * {@code outbox.relay.poll-interval}
	 * @param value its value, {@code null} if it is missing
	 * @param requirement what the value has to be, to be read after "must"
	 */
	public InvalidOutboxPropertyException(String property, @Nullable Object value, String requirement) {
		super(property + " must " + requirement + ", but is " + ((value != null) ? "'" + value + "'" : "not set")
				+ ". The outbox was not started.");
		this.property = property;
		this.value = (value != null) ? value.toString() : null;
		this.requirement = requirement;
	}

	/**
	 * Returns the name of the property.
	 * @return the name
	 */
	public String getProperty() {
		return this.property;
	}

	/**
	 * Returns the value.
	 * @return the value, {@code null} if it is missing
	 */
	public @Nullable String getValue() {
		return this.value;
	}

	/**
	 * Returns what the value has to be.
	 * @return the requirement, to be read after "must"
	 */
	public String getRequirement() {
		return this.requirement;
	}

}
