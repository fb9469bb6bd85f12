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
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a transport can be asked for when an event is sent. Options travel
 * through stores that know fewer types of numbers than Java does: any integral number is
 * taken that has the right size.
 *
 * @param <T> type of the values
 * @param name name of the option, for example {@code priority}
 * @param type type of the values: string, boolean, integer or long
 * @param least least number, without meaning for other types
 * @param greatest greatest number, or greatest length of a text
 */
public record TransportOption<T>(String name, Class<T> type, long least, long greatest) {

	/**
	 * Describes an option that is a text.
	 * @param name name of the option
	 * @param maxLength greatest length of the text
	 * @return the option
	 */
	public static TransportOption<String> text(String name, int maxLength) {
		return new TransportOption<>(name, String.class, 0, maxLength);
	}

	/**
	 * Describes an option that is on or off.
	 * @param name name of the option
	 * @return the option
	 */
	public static TransportOption<Boolean> flag(String name) {
		return new TransportOption<>(name, Boolean.class, 0, 1);
	}

	/**
	 * Describes an option that is a number of 32 bits.
	 * @param name name of the option
	 * @param least the least value
	 * @param greatest the greatest value
	 * @return the option
	 */
	public static TransportOption<Integer> integer(String name, int least, int greatest) {
		return new TransportOption<>(name, Integer.class, least, greatest);
	}

	/**
	 * Describes an option that is a number of 64 bits.
	 * @param name name of the option
	 * @param least the least value
	 * @param greatest the greatest value
	 * @return the option
	 */
	public static TransportOption<Long> number(String name, long least, long greatest) {
		return new TransportOption<>(name, Long.class, least, greatest);
	}

	/**
	 * Finds an option that a transport does not know: of an event that another version
	 * has stored, and that is left to an instance of that version.
	 * @param options values by the names of options
	 * @param known the options of the transport
	 * @return the name of the first one that is not known, and not the outbox's own
	 */
	public static Optional<String> unknown(Map<String, ?> options, Collection<TransportOption<?>> known) {
		if (options.isEmpty()) {
			return Optional.empty();
		}
		return options.keySet()
			.stream()
			.filter((name) -> !name.startsWith("outbox.")
					&& known.stream().noneMatch((option) -> option.name().equals(name)))
			.findFirst();
	}

	/**
	 * Reads the option.
	 * @param options values by the names of options
	 * @return the value, or {@code null} if it is not set
	 * @throws IllegalArgumentException if the value is of another type or out of its
	 * range; names the option
	 */
	public @Nullable T in(Map<String, ?> options) {
		Object value = options.get(this.name);
		return (value != null) ? cast(value) : null;
	}

	/**
	 * Reads a value from a configuration, where numbers and flags may be texts.
	 * @param value the value
	 * @return the value in the type of this option
	 * @throws IllegalArgumentException if the value cannot be read or is out of its
	 * range; names the option
	 */
	public T parse(Object value) {
		if (!(value instanceof String text) || this.type == String.class) {
			return cast((this.type == String.class) ? value.toString() : value);
		}
		if (this.type == Boolean.class && (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false"))) {
			return this.type.cast(Boolean.valueOf(text));
		}
		try {
			return cast((this.type == Boolean.class) ? value : (Object) Long.valueOf(text.trim()));
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException(problem("'" + text + "'"), ex);
		}
	}

	private T cast(Object value) {
		if (value instanceof String text && text.length() > this.greatest) {
			throw new IllegalArgumentException(problem("a text of " + text.length() + " characters"));
		}
		boolean number = this.type == Integer.class || this.type == Long.class;
		if (number && (value instanceof Integer || value instanceof Long)) {
			long integral = ((Number) value).longValue();
			if (integral < this.least || integral > this.greatest) {
				throw new IllegalArgumentException(problem(String.valueOf(integral)));
			}
			return this.type.cast((this.type == Integer.class) ? (Object) Math.toIntExact(integral) : (Long) integral);
		}
		if (!this.type.isInstance(value)) {
			throw new IllegalArgumentException(problem("a " + value.getClass().getSimpleName()));
		}
		return this.type.cast(value);
	}

	private String problem(String actual) {
		String expected = (this.type == Boolean.class) ? "true or false"
				: (this.type == String.class) ? "a text of at most " + this.greatest + " characters"
						: "a whole number from " + this.least + " to " + this.greatest;
		return "the option '" + this.name + "' is " + actual + ", but must be " + expected;
	}

}
