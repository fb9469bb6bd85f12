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

package dev.outbox.sample.journey;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an event.
 *
 * @param kind what happened
 * @param id the event's id
 * @param type its logical type
 * @param key its key
 * @param at when it happened
 * @param instance the instance of the shop that saw it
 * @param text the payload of what was stored or consumed, the position of what was sent,
 * the error of what failed
 * @param attempts how often sending has failed
 */
record Step(Kind kind, String id, String type, @Nullable String key, Instant at, String instance, @Nullable String text,
		int attempts) {

	/** What is longer is of no use on a page. */
	private static final int LONGEST_TEXT = 2000;

	Step {
		if (text != null && text.length() > LONGEST_TEXT) {
			text = text.substring(0, LONGEST_TEXT) + "…";
		}
	}

	/**
	 * What can happen to an event.
	 */
	enum Kind {

		STORED, PUBLISHED, FAILED, DEAD, CONSUMED

	}

}
