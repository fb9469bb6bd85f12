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
package dev.outbox.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

import dev.outbox.diagnostics.InvalidOutboxPropertyException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/**
 * Checks of property values.
 */
final class Require {

	private static final Pattern IDENTIFIER = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,39}");

	private Require() {
	}

	static void positive(String property, Duration value) {
		if (value.isNegative() || value.isZero()) {
			throw new InvalidOutboxPropertyException(property, print(value), "be longer than 0");
		}
	}

	static void positive(String property, DataSize value) {
		if (value.toBytes() <= 0) {
			throw new InvalidOutboxPropertyException(property, value, "be larger than 0");
		}
	}

	static void atLeast(String property, Duration value, Duration minimum) {
		if (value.compareTo(minimum) < 0) {
			throw new InvalidOutboxPropertyException(property, print(value), "be at least " + print(minimum));
		}
	}

	static void between(String property, int value, int minimum, int maximum) {
		if (value < minimum || value > maximum) {
			throw new InvalidOutboxPropertyException(property, value, "be between " + minimum + " and " + maximum);
		}
	}

	static void between(String property, double value, double minimum, double maximum) {
		if (!(value >= minimum && value <= maximum)) {
			throw new InvalidOutboxPropertyException(property, value, "be between " + minimum + " and " + maximum);
		}
	}

	static void text(String property, @Nullable String value) {
		if (value != null && value.isBlank()) {
			throw new InvalidOutboxPropertyException(property, value, "not be blank");
		}
	}

	static void atMost(String property, @Nullable String value, int length) {
		if (value != null && value.length() > length) {
			throw new InvalidOutboxPropertyException(property, value, "have at most " + length + " characters");
		}
	}

	/**
	 * Table names are built from the value, so nothing gets through that needs quoting.
	 */
	static void identifier(String property, @Nullable String value) {
		if (value != null && !IDENTIFIER.matcher(value).matches()) {
			throw new InvalidOutboxPropertyException(property, value,
					"start with a letter or underscore, and consist of at most 40 of those and digits");
		}
	}

	private static String print(Duration value) {
		return DurationStyle.SIMPLE.print(value,
				(value.toMillis() % 1000 == 0) ? ChronoUnit.SECONDS : ChronoUnit.MILLIS);
	}

}
