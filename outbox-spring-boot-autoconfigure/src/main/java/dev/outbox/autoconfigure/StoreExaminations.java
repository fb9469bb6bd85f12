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

import java.util.List;

import dev.outbox.doctor.Examination;
import dev.outbox.doctor.ExaminationSettings;

/**
 * What can be wrong with the database of an outbox.
 */
@FunctionalInterface
public interface StoreExaminations {

	/**
	 * Returns the examinations.
	 * @param settings from where on something is a finding
	 * @return the examinations, none of which has been made
	 */
	List<Examination> with(ExaminationSettings settings);

}
