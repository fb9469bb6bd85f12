-- The tables of the outbox on SQLite 3.43 and newer. Times are microseconds since 1970, in UTC; ids are 16 bytes.

-- What must be the same for all instances, and rows that are locked so that one instance at a time does something.
CREATE TABLE IF NOT EXISTS "outbox_setting" (
	name            TEXT NOT NULL PRIMARY KEY,
	value           TEXT NOT NULL
);

-- Events that wait to be delivered. A row is deleted (or archived) when the broker has acknowledged it.
CREATE TABLE IF NOT EXISTS "outbox_event" (
	-- The order of the events of one key: a number is taken while the writer holds its row lock.
	seq             INTEGER PRIMARY KEY AUTOINCREMENT,
	id              BLOB NOT NULL,
	part            INTEGER NOT NULL,
	event_key       TEXT CONSTRAINT "outbox_event_event_key" CHECK (event_key <> ''),
	aggregate_type  TEXT,
	aggregate_id    TEXT,
	event_type      TEXT NOT NULL,
	event_version   INTEGER NOT NULL,
	transport       TEXT NOT NULL CONSTRAINT "outbox_event_transport" CHECK (trim(transport) <> ''),
	destination     TEXT NOT NULL CONSTRAINT "outbox_event_destination" CHECK (trim(destination) <> ''),
	options         TEXT CONSTRAINT "outbox_event_options" CHECK (json_valid(options) AND json_type(options) = 'object'),
	content_type    TEXT NOT NULL,
	headers         TEXT CONSTRAINT "outbox_event_headers" CHECK (json_valid(headers) AND json_type(headers) = 'object'),
	payload         BLOB NOT NULL,
	created_at      INTEGER NOT NULL DEFAULT (CAST(round(unixepoch('subsec') * 1000) AS INTEGER) * 1000),
	-- When it became due or was put back. NULL: it has waited since it was created.
	waiting_since   INTEGER,
	-- Written only when something goes wrong.
	attempts        INTEGER DEFAULT 0 NOT NULL,
	crashes         INTEGER DEFAULT 0 NOT NULL,
	first_failed_at INTEGER,
	next_attempt_at INTEGER,
	last_error      TEXT
);
CREATE INDEX IF NOT EXISTS "outbox_event_key" ON "outbox_event" (event_key, seq);

-- Events that have come back to a place that the scans have passed.
CREATE TABLE IF NOT EXISTS "outbox_returned" (
	number          INTEGER PRIMARY KEY AUTOINCREMENT,
	seq             INTEGER NOT NULL,
	returned_at     INTEGER NOT NULL
);

-- Events that are not due yet. They move to the first table when they are.
CREATE TABLE IF NOT EXISTS "outbox_scheduled" (
	number          INTEGER PRIMARY KEY AUTOINCREMENT,
	deliver_at      INTEGER NOT NULL,
	id              BLOB NOT NULL,
	part            INTEGER NOT NULL,
	event_key       TEXT CONSTRAINT "outbox_scheduled_event_key" CHECK (event_key <> ''),
	aggregate_type  TEXT,
	aggregate_id    TEXT,
	event_type      TEXT NOT NULL,
	event_version   INTEGER NOT NULL,
	transport       TEXT NOT NULL CONSTRAINT "outbox_scheduled_transport" CHECK (trim(transport) <> ''),
	destination     TEXT NOT NULL CONSTRAINT "outbox_scheduled_destination" CHECK (trim(destination) <> ''),
	options         TEXT CONSTRAINT "outbox_scheduled_options" CHECK (json_valid(options) AND json_type(options) = 'object'),
	content_type    TEXT NOT NULL,
	headers         TEXT CONSTRAINT "outbox_scheduled_headers" CHECK (json_valid(headers) AND json_type(headers) = 'object'),
	payload         BLOB NOT NULL,
	created_at      INTEGER NOT NULL DEFAULT (CAST(round(unixepoch('subsec') * 1000) AS INTEGER) * 1000)
);
CREATE INDEX IF NOT EXISTS "outbox_scheduled_due" ON "outbox_scheduled" (transport, part, deliver_at);

-- Events that were given up.
CREATE TABLE IF NOT EXISTS "outbox_dead_letter" (
	number          INTEGER PRIMARY KEY AUTOINCREMENT,
	seq             INTEGER NOT NULL,
	id              BLOB NOT NULL,
	part            INTEGER NOT NULL,
	event_key       TEXT,
	aggregate_type  TEXT,
	aggregate_id    TEXT,
	event_type      TEXT NOT NULL,
	event_version   INTEGER NOT NULL,
	transport       TEXT NOT NULL,
	destination     TEXT NOT NULL,
	options         TEXT,
	content_type    TEXT NOT NULL,
	headers         TEXT,
	payload         BLOB NOT NULL,
	created_at      INTEGER NOT NULL,
	attempts        INTEGER NOT NULL,
	first_failed_at INTEGER,
	died_at         INTEGER NOT NULL,
	error           TEXT NOT NULL,
	-- The same for errors of the same cause.
	fingerprint     TEXT NOT NULL,
	stack_trace     TEXT,
	-- When it is to be forwarded, if at all.
	forward_at      INTEGER,
	forward_attempts INTEGER DEFAULT 0 NOT NULL
);
CREATE INDEX IF NOT EXISTS "outbox_dead_letter_time" ON "outbox_dead_letter" (died_at);
CREATE INDEX IF NOT EXISTS "outbox_dead_letter_event" ON "outbox_dead_letter" (id);
CREATE INDEX IF NOT EXISTS "outbox_dead_letter_forward" ON "outbox_dead_letter" (forward_at) WHERE forward_at IS NOT NULL;

-- Delivered events, if outbox.published.mode=archive.
CREATE TABLE IF NOT EXISTS "outbox_archive" (
	number          INTEGER PRIMARY KEY AUTOINCREMENT,
	seq             INTEGER NOT NULL,
	id              BLOB NOT NULL,
	part            INTEGER NOT NULL,
	event_key       TEXT,
	aggregate_type  TEXT,
	aggregate_id    TEXT,
	event_type      TEXT NOT NULL,
	event_version   INTEGER NOT NULL,
	transport       TEXT NOT NULL,
	destination     TEXT NOT NULL,
	options         TEXT,
	content_type    TEXT NOT NULL,
	headers         TEXT,
	payload         BLOB NOT NULL,
	created_at      INTEGER NOT NULL,
	archived_at     INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS "outbox_archive_time" ON "outbox_archive" (archived_at);

-- How far events of the archive have been put back into the outbox, one row for each replay.
CREATE TABLE IF NOT EXISTS "outbox_replay" (
	name            TEXT NOT NULL PRIMARY KEY,
	selection       TEXT NOT NULL,
	replayed_to     INTEGER NOT NULL,
	last_number     INTEGER NOT NULL,
	event_count     INTEGER NOT NULL,
	started_at      INTEGER NOT NULL DEFAULT (CAST(round(unixepoch('subsec') * 1000) AS INTEGER) * 1000)
);

-- Keys that make sure that an event is stored once.
CREATE TABLE IF NOT EXISTS "outbox_idempotency" (
	idempotency_key TEXT NOT NULL PRIMARY KEY,
	id              BLOB NOT NULL,
	created_at      INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS "outbox_idempotency_time" ON "outbox_idempotency" (created_at);

-- Relay instances with a lease.
CREATE TABLE IF NOT EXISTS "outbox_instance" (
	id              BLOB NOT NULL PRIMARY KEY,
	name            TEXT NOT NULL,
	-- Names of transports, one in a line.
	transports      TEXT NOT NULL,
	joined_at       INTEGER NOT NULL,
	expires_at      INTEGER NOT NULL
);

-- Which instance sends the events of a partition.
CREATE TABLE IF NOT EXISTS "outbox_partition" (
	transport       TEXT NOT NULL,
	part            INTEGER NOT NULL,
	owner           BLOB,
	epoch           INTEGER DEFAULT 0 NOT NULL,
	PRIMARY KEY (transport, part)
);

-- Keys that wait for an operator because their head is a dead letter.
CREATE TABLE IF NOT EXISTS "outbox_blocked_key" (
	transport       TEXT NOT NULL,
	destination     TEXT NOT NULL,
	event_key       TEXT NOT NULL,
	blocked_at      INTEGER NOT NULL,
	-- The dead letter that blocks it. After a failover a number alone names no event.
	seq             INTEGER NOT NULL,
	id              BLOB NOT NULL,
	PRIMARY KEY (transport, destination, event_key)
);

-- Destinations that an operator has paused.
CREATE TABLE IF NOT EXISTS "outbox_destination_state" (
	transport       TEXT NOT NULL,
	destination     TEXT NOT NULL,
	paused_at       INTEGER NOT NULL,
	paused_by       TEXT NOT NULL,
	PRIMARY KEY (transport, destination)
);

-- What operators have changed.
CREATE TABLE IF NOT EXISTS "outbox_audit" (
	number          INTEGER PRIMARY KEY AUTOINCREMENT,
	happened_at     INTEGER NOT NULL,
	operator        TEXT NOT NULL,
	action          TEXT NOT NULL,
	transport       TEXT NOT NULL,
	destination     TEXT NOT NULL,
	event_key       TEXT,
	event_id        BLOB,
	letter          INTEGER,
	detail          TEXT
);
CREATE INDEX IF NOT EXISTS "outbox_audit_time" ON "outbox_audit" (happened_at);

-- What is known of the backlog, in one row: one instance measures it for all.
CREATE TABLE IF NOT EXISTS "outbox_backlog" (
	number          INTEGER PRIMARY KEY,
	claimed_at      INTEGER NOT NULL,
	measured_at     INTEGER,
	content         TEXT
);

INSERT OR IGNORE INTO "outbox_setting" (name, value) VALUES ('lock.partitions', ''), ('lock.housekeeping', '');
INSERT OR IGNORE INTO "outbox_setting" (name, value) VALUES ('schema.version', '1');
