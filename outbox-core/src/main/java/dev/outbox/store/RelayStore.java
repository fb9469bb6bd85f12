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

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

/**
 * The relay's view of a store: scanning, settling, recording failures.
 * <p>
 * Every method runs in a transaction of its own, holds no connection when it returns, and
 * throws an unchecked exception when the store cannot be used; the caller retries or
 * starts over. Only the primary is read. Each transport calls {@link #read},
 * {@link #readKey} and {@link #payloads} from one thread, the others from another one.
 */
public interface RelayStore {

	/**
	 * Returns the position before the first row.
	 * @return the position
	 */
	Position start();

	/**
	 * Performs one step of a scan. The rows behind the cursor that have become visible
	 * since the previous step come first: nothing that commits late is missed.
	 * @param request what to read
	 * @return the rows and the new position
	 * @throws PositionLostException if the position means nothing any more because the
	 * database was restarted, restored or failed over
	 */
	ReadResult read(ReadRequest request);

	/**
	 * Joins two scans: everything that either of them might still find late is found by
	 * the result. The cursor is that of {@code main}, or of {@code joining} if it is
	 * further on.
	 * @param main the scan that goes on
	 * @param joining the scan that has been drained up to the cursor of {@code main}
	 * @return the position of the joint scan
	 */
	Position merge(Position main, Position joining);

	/**
	 * Reads the rows of one key in ascending order.
	 * @param read what to read
	 * @return the rows; fewer than both limits allow if there are no more
	 */
	KeyRows readKey(KeyRead read);

	/**
	 * Fetches payloads that a scan left out.
	 * @param rows the rows
	 * @return the payloads by sequence number; a row that has gone is missing
	 */
	Map<Long, byte[]> payloads(Collection<EventRef> rows);

	/**
	 * Removes (or archives) rows that the broker has acknowledged. Idempotent. May be
	 * lost in a crash of the database: the rows are then sent again.
	 * @param acknowledged the rows
	 */
	void settle(Collection<EventRef> acknowledged);

	/**
	 * Records that an attempt has failed: counts it, stores the error, and sets when the
	 * row is due again, on the database's clock.
	 * @param claim the claim on the row's partition
	 * @param row the row
	 * @param error what went wrong
	 * @param retryIn how long to wait
	 * @return {@code false} if the row has gone or the claim is void; nothing has been
	 * written then
	 */
	boolean recordFailure(Claim claim, EventRef row, String error, Duration retryIn);

	/**
	 * Records that the row is about to be sent, so that a process which dies by sending
	 * it leaves a trace. Committed when the method returns.
	 * @param claim the claim on the row's partition
	 * @param row the row
	 * @return {@code false} if the row has gone or the claim is void
	 */
	boolean recordCarefulSend(Claim claim, EventRef row);

	/**
	 * Takes back {@link #recordCarefulSend}: the row was not sent, or the process has
	 * survived it without an answer.
	 * @param claim the claim on the row's partition
	 * @param row the row
	 * @return {@code false} if the row has gone or the claim is void
	 */
	boolean withdrawCarefulSend(Claim claim, EventRef row);

	/**
	 * Moves a row to the dead letters, and blocks its key if asked to, in one durable
	 * transaction.
	 * @param claim the claim on the row's partition
	 * @param row the row
	 * @param givenUp why the row is given up, and what follows
	 * @return {@code false} if the row has gone or the claim is void; nothing has been
	 * written then
	 */
	boolean deadLetter(Claim claim, EventRef row, GivenUp givenUp);

	/**
	 * Moves events that have become due to the table that is scanned, in the order of
	 * their due times. Leaves partitions alone that the caller does not own any more.
	 * @param owner the instance
	 * @param transport name of the transport
	 * @param parts partitions that the caller owns
	 * @param limit how many at most
	 * @return what was moved
	 */
	DueMove moveDue(UUID owner, String transport, Collection<Integer> parts, int limit);

	/**
	 * Rows of one key.
	 *
	 * @param events the rows
	 * @param complete whether there were no more rows when the store was read
	 */
	record KeyRows(List<StoredEvent> events, boolean complete) {

		public KeyRows {
			events = List.copyOf(events);
		}

	}

	/**
	 * What {@link #moveDue} did.
	 *
	 * @param moved how many events became due and were moved
	 * @param nextIn how long until the next event is due, {@code null} if there is none
	 */
	record DueMove(int moved, @Nullable Duration nextIn) {

	}

}
