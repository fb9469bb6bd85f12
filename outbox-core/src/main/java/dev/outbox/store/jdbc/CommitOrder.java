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

import java.util.List;

import dev.outbox.store.jdbc.Gaps.Gap;

/**
 * In which order the numbers of events become visible.
 */
public enum CommitOrder {

	/**
	 * One transaction writes at a time: a number that is missing once a later one is
	 * there will never come.
	 */
	AS_NUMBERED {

		@Override
		void passed(long from, long to, long now, List<Gap> gaps) {
		}

	},

	/**
	 * A number can come after later ones: that of a transaction which took longer.
	 */
	ANY {

		@Override
		void passed(long from, long to, long now, List<Gap> gaps) {
			gaps.add(Gap.passed(from, to, now));
		}

	};

	/**
	 * Notes what may still come of numbers that were missing when they were passed.
	 */
	abstract void passed(long from, long to, long now, List<Gap> gaps);

}
