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

package dev.outbox.doctor;

import java.util.regex.Pattern;

/**
 * Something that an examination has found. Holds no secret and nothing of what is in an
 * event.
 *
 * @param code what it is, for programs; stays the same in all versions, for example
 * {@code missing-index}
 * @param severity how much it matters
 * @param subject what it is about, for example the name of a table
 * @param problem what is seen, and what follows from it
 * @param action what to do about it
 */
public record Finding(String code, Severity severity, String subject, String problem, String action) {

	private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

	public Finding {
		if (!CODE.matcher(code).matches()) {
			throw new IllegalArgumentException(
					"The code of a finding must be of small letters, digits and single hyphens, but is '" + code + "'");
		}
	}

	/**
	 * Creates a finding that is an error.
	 * @param code what it is
	 * @param subject what it is about
	 * @param problem what is seen
	 * @param action what to do about it
	 * @return the finding
	 */
	public static Finding error(String code, String subject, String problem, String action) {
		return new Finding(code, Severity.ERROR, subject, problem, action);
	}

	/**
	 * Creates a finding that is a warning.
	 * @param code what it is
	 * @param subject what it is about
	 * @param problem what is seen
	 * @param action what to do about it
	 * @return the finding
	 */
	public static Finding warning(String code, String subject, String problem, String action) {
		return new Finding(code, Severity.WARNING, subject, problem, action);
	}

	/**
	 * Creates a finding that is good to know.
	 * @param code what it is
	 * @param subject what it is about
	 * @param problem what is seen
	 * @param action what to do about it
	 * @return the finding
	 */
	public static Finding note(String code, String subject, String problem, String action) {
		return new Finding(code, Severity.NOTE, subject, problem, action);
	}

}
