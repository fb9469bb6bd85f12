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

package dev.outbox.store.jdbc.postgres;

import java.util.Arrays;
import java.util.stream.LongStream;

import dev.outbox.store.Position;
import org.jspecify.annotations.Nullable;

/**
 * How far a scan has come, and which transactions had not ended when it came there: only
 * they can have left rows behind the cursor that the scan has not seen.
 *
 * @param cursor highest sequence number consumed
 * @param seen the snapshot up to which everything behind the cursor has been consumed,
 * {@code null} at the beginning
 * @param pass an unfinished pass over the rows behind the cursor
 */
record PostgresPosition(long cursor, @Nullable Snapshot seen, @Nullable Pass pass) implements Position {

	static final PostgresPosition START = new PostgresPosition(0, null, null);

	/**
	 * What a snapshot shows.
	 *
	 * @param xmax transactions from this one on had not begun
	 * @param running transactions before that which had not ended
	 * @param serverStart when the server was started, as text
	 */
	record Snapshot(long xmax, long[] running, String serverStart) {

		/**
		 * Parses what {@code pg_current_snapshot()} prints: {@code xmin:xmax:xip,xip}.
		 */
		static Snapshot parse(String text, String serverStart) {
			String[] parts = text.split(":", -1);
			long[] running = parts[2].isEmpty() ? new long[0]
					: Arrays.stream(parts[2].split(",")).mapToLong(Long::parseLong).toArray();
			return new Snapshot(Long.parseLong(parts[1]), running, serverStart);
		}

		/**
		 * Returns a snapshot that shows nothing that one of the two does not show.
		 */
		Snapshot and(Snapshot other) {
			long[] both = LongStream.concat(Arrays.stream(this.running), Arrays.stream(other.running))
				.distinct()
				.toArray();
			return new Snapshot(Math.min(this.xmax, other.xmax), both, this.serverStart);
		}

	}

	/**
	 * A pass over late rows that did not fit into one read.
	 *
	 * @param after highest sequence number that the pass has consumed
	 * @param snapshot what the first read of the pass showed: rows that became visible
	 * after it, the pass may have missed
	 * @param listed the next rows of the pass, as far as they have been looked up
	 */
	record Pass(long after, Snapshot snapshot, long[] listed) {

	}

}
