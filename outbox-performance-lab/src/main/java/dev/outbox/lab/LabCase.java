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

package dev.outbox.lab;

import java.util.function.Predicate;

/**
 * Something that is measured.
 *
 * @param name its name on the command line
 * @param title what it is, for readers
 * @param figure the name of the figure that decides
 * @param higherIsBetter whether more of it is better
 * @param takesPart who does it
 * @param measurement what is done
 */
record LabCase(String name, String title, String figure, boolean higherIsBetter, Predicate<ContenderSpec> takesPart,
		Measurement measurement) {

	/**
	 * Measures a contender.
	 */
	interface Measurement {

		/**
		 * Measure once.
		 * @param session the contender
		 * @param into gets the figures
		 */
		void measure(Session session, Figures into) throws Exception;

	}

}
