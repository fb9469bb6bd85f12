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

package dev.outbox.store;

import java.util.List;

/**
 * The archive of a store. Every method runs in transactions of its own.
 */
public interface ArchiveStore {

	/**
	 * Name of the header that a replayed event carries besides its own. Its value is the
	 * name of the replay.
	 */
	String REPLAY_HEADER = "outbox-replay";

	/**
	 * Returns whether there is nothing in the archive.
	 * @return whether it is empty
	 */
	boolean isEmpty();

	/**
	 * Puts the next events of a replay back into the outbox, in the order in which they
	 * were archived, with new sequence numbers and {@link #REPLAY_HEADER}; the archive
	 * keeps them. The first call begins the replay, and fixes that it ends with what is
	 * archived then. Events that were themselves replayed are left out.
	 * <p>
	 * The same transaction remembers how far the replay has come. So none of its events
	 * is put back twice, whoever calls this, at the same time or after a crash.
	 * @param name name of the replay
	 * @param filter which events
	 * @param limit how many at most
	 * @return what was put back
	 * @throws dev.outbox.OutboxException if a replay of this name was begun with another
	 * filter
	 */
	Portion replay(String name, ArchiveFilter filter, int limit);

	/**
	 * Events that were put back in one transaction.
	 *
	 * @param events the events, without their payloads; may be empty although there are
	 * more
	 * @param finished whether the replay has come to its end
	 */
	record Portion(List<NewEvent> events, boolean finished) {

	}

}
