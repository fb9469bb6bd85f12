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

import dev.outbox.store.jdbc.EventRows;
import dev.outbox.store.jdbc.TableNames;

/**
 * The relay's statements.
 */
final class RelayStatements {

	/**
	 * Payloads up to this size come with the scan.
	 */
	static final int INLINE_PAYLOAD = 16_384;

	/**
	 * What only some rows have is one column: each costs as much as reading a small
	 * event's key.
	 */
	private static final String STORED = "seq, " + EventRows.COLUMNS + """
			, CASE WHEN octet_length(payload) > %1$d THEN octet_length(payload) END AS payload_size, \
			CASE WHEN octet_length(payload) <= %1$d THEN payload END AS payload, \
			CASE WHEN attempts > 0 OR crashes > 0 OR next_attempt_at IS NOT NULL OR first_failed_at IS NOT NULL \
				THEN ARRAY[attempts, crashes, \
					ceil(extract(epoch FROM next_attempt_at - clock_timestamp()) * 1000), \
					ceil(extract(epoch FROM clock_timestamp() - first_failed_at) * 1000)]::bigint[] END AS history"""
		.formatted(INLINE_PAYLOAD);

	/**
	 * The lock lets a takeover wait until what the last owner has decided is committed.
	 */
	private static final String CLAIMED = """
			o.seq = ? AND o.id = ? AND EXISTS (SELECT 1 FROM ${partition} p
				WHERE p.transport = ? AND p.part = ? AND p.owner = ? AND p.epoch = ?
					AND p.transport = o.transport AND p.part = o.part FOR SHARE)""";

	/**
	 * A number may be given out again after a failover, an id never: both must match. "IS
	 * TRUE" keeps the ids a hash table beside a walk along the primary key, which costs
	 * half of what any join of the two costs. Ids come as bytes because the driver sends
	 * those, and not uuids, in binary.
	 */
	private static final String LISTED = """
			o.seq = ANY (?::bigint[]) AND (uuid_send(o.id) IN (SELECT unnest(?::bytea[]))) IS TRUE""";

	/**
	 * The state of the server in which the same statement has read the rows.
	 */
	private static final String STATE = """
			SELECT (SELECT last_value FROM ${event_seq_seq}), NULL, NULL, pg_current_snapshot()::text,
			extract(epoch FROM pg_postmaster_start_time())::text, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
			NULL, NULL, CASE WHEN pg_is_in_recovery() THEN 1 ELSE 0 END, NULL, NULL, 2 AS arm""";

	private final TableNames tables;

	private final String listLate;

	private final String readListed;

	private final String readAll;

	private final String readAllButSome;

	private final String readOne;

	private final String readKey;

	private final String readRow;

	private final String payloads;

	private final String settle;

	private final String recordFailure;

	private final String countCarefulSend;

	private final String deadLetter;

	private final String moveDue;

	private final String nextDue;

	RelayStatements(TableNames tables, boolean archive) {
		this.tables = tables;
		// One text for all scopes: what is looked up is the same index for each.
		String scope = "transport = ? AND part = ANY (?::int[]) AND (destination = ANY (?::text[])) = ?";
		this.listLate = tables.apply("""
				SELECT seq FROM (
					SELECT seq, transport, part, destination FROM ${event} WHERE xid >= ?::text::xid8
					UNION ALL
					SELECT seq, transport, part, destination FROM ${event}
					WHERE xid = ANY (ARRAY(SELECT x FROM unnest(?::xid8[]) AS x
							WHERE pg_visible_in_snapshot(x, pg_current_snapshot())))
				) late
				WHERE seq + 0 <= ? AND seq + 0 > ? AND %s
				ORDER BY seq LIMIT ?""".formatted(scope));
		// Partitions may have been given back since the rows were looked up.
		this.readListed = tables.apply("""
				SELECT * FROM (
					SELECT %s, 0 AS arm FROM ${event} WHERE seq = ANY (?::bigint[]) AND %s ORDER BY seq
				) listed
				UNION ALL
				%s""".formatted(STORED, scope, STATE));
		this.readAll = scan("?::text[] IS NOT NULL");
		this.readAllButSome = scan("destination <> ALL (?::text[])");
		this.readOne = scan("destination = ANY (?::text[])");
		// ANY and the order by both columns leave only the index on both to the planner.
		this.readKey = key("seq >= ? AND event_key = ANY (ARRAY[?::text]) AND event_key IS NOT NULL", "event_key, seq");
		this.readRow = key("seq = ? AND ?::text IS NULL AND event_key IS NULL", "seq");
		this.payloads = tables.apply("SELECT o.seq, o.payload FROM ${event} o WHERE " + LISTED);
		this.settle = tables.apply(archive ? archive() : "DELETE FROM ${event} o WHERE " + LISTED);
		this.recordFailure = tables.apply("""
				UPDATE ${event} o SET attempts = least(attempts + 1, 32767), crashes = 0,
					first_failed_at = coalesce(first_failed_at, clock_timestamp()),
					next_attempt_at = clock_timestamp() + ? * interval '1 millisecond', last_error = ?
				WHERE\s""" + CLAIMED);
		this.countCarefulSend = tables.apply("""
				UPDATE ${event} o SET crashes = least(greatest(crashes + ?, 0), 32767) WHERE\s""" + CLAIMED);
		this.deadLetter = tables.apply("""
				WITH input AS (SELECT ?::int AS failed, ?::text AS error, ?::boolean AS block, ?::text AS fingerprint,
					?::text AS stack_trace, ?::boolean AS forward),
				dead AS (
					DELETE FROM ${event} o WHERE %1$s
					RETURNING o.seq, o.payload, o.attempts, o.first_failed_at, %2$s),
				blocked AS (
					INSERT INTO ${blocked_key} AS b (transport, destination, event_key, blocked_at, seq, id)
					SELECT transport, destination, event_key, clock_timestamp(), seq, id FROM dead, input
					WHERE event_key IS NOT NULL AND block
					ON CONFLICT (transport, destination, event_key) DO UPDATE
					SET blocked_at = excluded.blocked_at, seq = excluded.seq, id = excluded.id
					WHERE NOT EXISTS (SELECT 1 FROM ${dead_letter} l WHERE l.id = b.id AND l.seq = b.seq))
				INSERT INTO ${dead_letter} (seq, payload, %3$s, attempts, first_failed_at, died_at, error, fingerprint,
					stack_trace, forward_at)
				SELECT seq, payload, %3$s, least(attempts + failed, 32767), first_failed_at, clock_timestamp(), error,
					fingerprint, stack_trace, CASE WHEN forward THEN clock_timestamp() END
				FROM dead, input""".formatted(CLAIMED, "o." + EventRows.COLUMNS.replace(", ", ", o."),
				EventRows.COLUMNS));
		// clock_timestamp() would be no bound for the index: all that is scheduled would
		// be read.
		this.moveDue = tables.apply("""
				WITH due AS (
					DELETE FROM ${scheduled} WHERE number IN (
						SELECT s.number FROM ${scheduled} s
						JOIN ${partition} p ON p.transport = s.transport AND p.part = s.part
						WHERE s.transport = ? AND s.part = ANY (?::int[]) AND s.deliver_at <= statement_timestamp()
							AND p.owner = ?
						ORDER BY s.deliver_at, s.id LIMIT ? FOR UPDATE OF s FOR SHARE OF p)
					RETURNING deliver_at, payload, %1$s)
				INSERT INTO ${event} (payload, %1$s, waiting_since)
				SELECT payload, %1$s, deliver_at FROM due ORDER BY deliver_at, id""".formatted(EventRows.COLUMNS));
		this.nextDue = tables.apply("""
				SELECT ceil(extract(epoch FROM min(s.deliver_at) - clock_timestamp()) * 1000)::bigint
				FROM unnest(?::int[]) AS own(part)
				CROSS JOIN LATERAL (SELECT x.deliver_at FROM ${scheduled} x
					WHERE x.transport = ? AND x.part = own.part ORDER BY x.deliver_at LIMIT 1) s""");
	}

	private static String archive() {
		return """
				WITH delivered AS (
					DELETE FROM ${event} o WHERE %1$s
					RETURNING o.seq, o.payload, %2$s)
				INSERT INTO ${archive} (seq, payload, %3$s, archived_at)
				SELECT seq, payload, %3$s, clock_timestamp() FROM delivered ORDER BY seq""".formatted(LISTED,
				"o." + EventRows.COLUMNS.replace(", ", ", o."), EventRows.COLUMNS);
	}

	/**
	 * A read is one statement, and so one snapshot: late rows, the tail, and the snapshot
	 * itself. {@code seq + 0} keeps the planner from walking the primary key. Partitions
	 * are an array of flags: looking one up takes as long for 64 as for one, and NULL is
	 * what lies outside.
	 */
	private String scan(String destinations) {
		String scope = "transport = ? AND (?::boolean[])[part + 1] AND " + destinations;
		return this.tables.apply("""
				SELECT * FROM (
					SELECT * FROM (
						SELECT %1$s, 0 AS arm FROM ${event}
						WHERE xid >= ?::text::xid8 AND seq + 0 <= ? AND seq + 0 > ? AND %2$s
						UNION ALL
						SELECT %1$s, 0 AS arm FROM ${event}
						WHERE xid = ANY (ARRAY(SELECT x FROM unnest(?::xid8[]) AS x
								WHERE pg_visible_in_snapshot(x, pg_current_snapshot())))
							AND seq + 0 <= ? AND seq + 0 > ? AND %2$s
					) late ORDER BY seq + 0 LIMIT ?
				) late_rows
				UNION ALL
				SELECT * FROM (
					SELECT %1$s, 1 AS arm FROM ${event}
					WHERE seq > ? AND seq <= ? AND %2$s ORDER BY seq LIMIT ?
				) tail_rows
				UNION ALL
				%3$s""".formatted(STORED, scope, STATE));
	}

	private String key(String condition, String order) {
		return this.tables.apply("SELECT " + STORED + " FROM ${event} WHERE " + condition
				+ " AND part = ? AND transport = ? AND destination = ? ORDER BY " + order + " LIMIT ?");
	}

	String scan(boolean one, boolean some) {
		return one ? this.readOne : some ? this.readAllButSome : this.readAll;
	}

	String listLate() {
		return this.listLate;
	}

	String readListed() {
		return this.readListed;
	}

	String readKey(boolean keyed) {
		return keyed ? this.readKey : this.readRow;
	}

	String payloads() {
		return this.payloads;
	}

	String settle() {
		return this.settle;
	}

	String recordFailure() {
		return this.recordFailure;
	}

	String countCarefulSend() {
		return this.countCarefulSend;
	}

	String deadLetter() {
		return this.deadLetter;
	}

	String moveDue() {
		return this.moveDue;
	}

	String nextDue() {
		return this.nextDue;
	}

}
