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

package dev.outbox.archive;

import java.util.UUID;

import dev.outbox.OutboxException;
import dev.outbox.store.ArchiveFilter;
import dev.outbox.store.ArchiveStore;
import dev.outbox.store.ArchiveStore.Portion;
import dev.outbox.store.WakeUp;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends events again that have been delivered and archived.
 * <p>
 * A replayed event keeps its id, key, payload and time, so that consumers can recognise
 * what they have processed. It carries the header {@value ArchiveStore#REPLAY_HEADER}
 * besides, gets a new sequence number, and so comes after all events of its key that were
 * published before. The events of a replay come in the order in which they were archived.
 * The archive keeps them; what is archived when a replay has been delivered is no part of
 * other replays.
 */
public final class OutboxArchive {

	private static final Logger logger = LoggerFactory.getLogger(OutboxArchive.class);

	private static final int PORTION = 500;

	private static final int LONGEST_NAME = 100;

	private final ArchiveStore store;

	private final WakeUp wakeUp;

	private final boolean archiving;

	/**
	 * Creates the access to an archive.
	 * @param store the archive
	 * @param wakeUp is told of what was put back
	 * @param archiving whether delivered events are archived
	 */
	public OutboxArchive(ArchiveStore store, WakeUp wakeUp, boolean archiving) {
		this.store = store;
		this.wakeUp = wakeUp;
		this.archiving = archiving;
	}

	/**
	 * Begins a replay under a name of its own, which is logged, and returns when all its
	 * events are back in the outbox. Each call is another replay.
	 * @param filter which events
	 * @return how many events were put back
	 * @throws OutboxException if events are not archived, or the database refuses; then
	 * the message has the name under which the replay can go on
	 */
	public long replay(ArchiveFilter filter) {
		return replay(UUID.randomUUID().toString(), filter);
	}

	/**
	 * Begins a replay, or goes on with it, and returns when all its events are back in
	 * the outbox. Not in the caller's transaction: portions of some hundred events are
	 * committed one by one, each together with how far the replay has come. So a replay
	 * that was broken off goes on with the next call, several callers share the work, and
	 * a replay that has ended does nothing: none of its events is put back twice.
	 * @param name name of the replay, at most 100 characters; value of its events' header
	 * @param filter which events; the same for all calls with this name
	 * @return how many events this call has put back
	 * @throws OutboxException if events are not archived, if a replay of this name was
	 * begun with another filter, or if the database refuses
	 */
	public long replay(String name, ArchiveFilter filter) {
		if (name.isBlank() || name.codePointCount(0, name.length()) > LONGEST_NAME) {
			throw new IllegalArgumentException("The name of a replay must have 1 to " + LONGEST_NAME
					+ " characters, but has " + name.length() + ". Nothing has been replayed");
		}
		if (!this.archiving && this.store.isEmpty()) {
			throw new OutboxException("There is nothing to replay: with outbox.published.mode=delete an event is"
					+ " deleted when it has been delivered, and the archive is empty. Nothing has been changed. Set"
					+ " outbox.published.mode=archive; it holds for events that are delivered from then on");
		}
		logger.info("Replay '{}' of the archive begins or goes on", name);
		long count = 0;
		try {
			Portion portion;
			do {
				portion = this.store.replay(name, filter, PORTION);
				count += portion.events().size();
				if (!portion.events().isEmpty()) {
					this.wakeUp.committed(portion.events());
				}
			}
			while (!portion.finished());
		}
		catch (OutboxException ex) {
			throw new OutboxException("Replay '" + name + "' has stopped after " + count + " event(s) of this call,"
					+ " which are in the outbox and will be sent. Call replay with this name and the same filter to go"
					+ " on where it has stopped: " + ex.getMessage(), ex);
		}
		logger.info("Replay '{}' of the archive has put {} event(s) back into the outbox", name, count);
		return count;
	}

}
