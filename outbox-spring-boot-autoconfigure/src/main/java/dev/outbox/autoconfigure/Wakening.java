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

import dev.outbox.store.CommitSignals;
import dev.outbox.store.WakeUp;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Whom to wake after a commit.
 *
 * @param wakeUp the relay of this instance, or what tells the others
 */
public record Wakening(WakeUp wakeUp) {

	/**
	 * The relay of this instance hears of a commit at once; without one, other instances
	 * are told.
	 * @param relay the relay, if there is one
	 * @param signals what tells the others, if there is anything
	 * @return whom to wake
	 */
	public static Wakening of(ObjectProvider<WakeUp> relay, ObjectProvider<CommitSignals> signals) {
		WakeUp own = relay.getIfAvailable();
		CommitSignals others = signals.getIfAvailable();
		return new Wakening((own != null) ? own : (events) -> {
			if (others != null) {
				others.signal();
			}
		});
	}

}
