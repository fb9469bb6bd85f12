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

import java.util.List;

/**
 * Looks at one thing that can be wrong around an outbox. Beans of this type are made by
 * the {@link Doctor} beside its own.
 * <p>
 * Changes nothing. Called by a thread of the doctor, by one at a time, and at any time:
 * also while the database or a broker is away. May block; is interrupted when its time is
 * over.
 */
public interface Examination {

	/**
	 * Returns the name of what is examined.
	 * @return a name for people, unique in the application, for example
	 * {@code database-indexes}
	 */
	String name();

	/**
	 * Looks.
	 * @return what is wrong, empty if nothing is
	 * @throws Exception if it could not be found out, which is reported as such
	 */
	List<Finding> examine() throws Exception;

	/**
	 * Makes an examination of a name and a way to look.
	 * @param name the name
	 * @param look the way
	 * @return the examination
	 */
	static Examination of(String name, Look look) {
		return new Examination() {

			@Override
			public String name() {
				return name;
			}

			@Override
			public List<Finding> examine() throws Exception {
				return look.examine();
			}

		};
	}

	/**
	 * A way to look.
	 */
	@FunctionalInterface
	interface Look {

		/**
		 * Looks.
		 * @return what is wrong, empty if nothing is
		 * @throws Exception if it could not be found out
		 */
		List<Finding> examine() throws Exception;

	}

}
