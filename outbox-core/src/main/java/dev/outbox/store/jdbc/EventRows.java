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

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.outbox.Destination;
import dev.outbox.OutboxException;
import dev.outbox.OutboxRecord;
import dev.outbox.store.KeyRead;
import dev.outbox.store.RelayStore.KeyRows;
import dev.outbox.store.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * Turns the rows of one result into events. Columns are read by position: the fastest
 * way, on the hottest path. What a row has in common with the row before, most of its
 * text, is one object for both.
 */
public final class EventRows {

	/**
	 * The columns of an event, in the order in which this class reads them.
	 */
	public static final String COLUMNS = """
			id, part, event_key, aggregate_type, aggregate_id, event_type, event_version, transport, destination, \
			options, content_type, headers, created_at""";

	/**
	 * How many columns {@link #COLUMNS} has.
	 */
	public static final int COUNT = 13;

	private static final byte[] NONE = {};

	private final RowFormat format;

	private static final JsonValues JSON = new JsonValues();

	private @Nullable String aggregateType;

	private String eventType = "";

	private String contentType = "";

	private @Nullable Destination destination;

	private @Nullable String defect;

	/**
	 * Creates a reader of one result.
	 * @param format how the database returns what is not a number, a text or bytes
	 */
	public EventRows(RowFormat format) {
		this.format = format;
	}

	/**
	 * Reads an event. Headers and options that something else than the outbox has
	 * written, and that cannot be read, are left out.
	 * @param row a row
	 * @param first position of the first of {@link #COLUMNS}
	 * @param payload the payload, {@code null} if it was not read
	 * @return the event
	 * @throws SQLException if the row is of another shape
	 */
	public OutboxRecord event(ResultSet row, int first, byte @Nullable [] payload) throws SQLException {
		this.defect = null;
		this.aggregateType = shared(row.getString(first + 3), this.aggregateType);
		this.eventType = shared(text(row, first + 5), this.eventType);
		Destination target = shared(new Destination(text(row, first + 7), text(row, first + 8)), this.destination);
		this.destination = target;
		this.contentType = shared(text(row, first + 10), this.contentType);
		return new OutboxRecord(this.format.uuid(row, first), row.getString(first + 2), this.aggregateType,
				row.getString(first + 4), this.eventType, row.getInt(first + 6), target,
				values("options", row.getString(first + 9)), this.contentType,
				values("headers", row.getString(first + 11)), (payload != null) ? payload : NONE,
				Objects.requireNonNull(this.format.time(row, first + 12)));
	}

	/**
	 * Returns why headers or options of the last event are left out.
	 * @return the reason, {@code null} if nothing is
	 */
	public @Nullable String defect() {
		return this.defect;
	}

	private Map<String, Object> values(String column, @Nullable String text) {
		try {
			return JSON.read(text);
		}
		catch (OutboxException ex) {
			this.defect = "its " + column + " cannot be read: " + ex.getMessage();
			return Map.of();
		}
	}

	private static <T extends @Nullable Object> T shared(T read, @Nullable T last) {
		return (last != null && last.equals(read)) ? last : read;
	}

	/**
	 * Reads a row of the table of waiting events: its sequence number, {@link #COLUMNS},
	 * the size of a payload that was left out, the payload or {@code null}, and what has
	 * happened to it.
	 * @param row a row
	 * @return the row
	 * @throws SQLException if the row is of another shape
	 */
	public StoredEvent stored(ResultSet row) throws SQLException {
		int next = 2 + COUNT;
		byte[] payload = row.getBytes(next + 1);
		OutboxRecord event = event(row, 2, payload);
		int size = (payload != null) ? payload.length : row.getInt(next);
		// An empty one is none at all on some databases.
		boolean loaded = payload != null || size == 0;
		long[] history = this.format.history(row, next + 2);
		if (history == null) {
			return new StoredEvent(row.getLong(1), row.getInt(3), event, size, loaded, 0, 0, Duration.ZERO,
					Duration.ZERO, this.defect);
		}
		return new StoredEvent(row.getLong(1), row.getInt(3), event, size, loaded, (int) history[0], (int) history[1],
				millis(history[2]), millis(history[3]), this.defect);
	}

	/**
	 * Reads the rows of one key as far as the limits allow.
	 * @param result rows as {@link #stored} reads them
	 * @param read what was asked for
	 * @return the rows
	 * @throws SQLException if a row is of another shape
	 */
	public KeyRows keyRows(ResultSet result, KeyRead read) throws SQLException {
		List<StoredEvent> events = new ArrayList<>();
		long bytes = 0;
		int found = 0;
		while (result.next()) {
			found++;
			StoredEvent event = stored(result);
			bytes += event.payloadSize();
			if (!events.isEmpty() && bytes > read.maxBytes()) {
				return new KeyRows(events, false);
			}
			events.add(event);
		}
		return new KeyRows(events, found < read.maxRows());
	}

	private static Duration millis(long value) {
		return (value > 0) ? Duration.ofMillis(value) : Duration.ZERO;
	}

	private static String text(ResultSet row, int column) throws SQLException {
		return Objects.requireNonNull(row.getString(column));
	}

}
